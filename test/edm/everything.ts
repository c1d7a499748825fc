/** One document with every construct of CSDL 4.01. */
export const everything = `<?xml version="1.0" encoding="utf-8"?>
<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" Version="4.01">
  <edmx:Reference Uri="https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData.Core.V1.xml">
    <edmx:Include Namespace="Org.OData.Core.V1" Alias="Core">
      <Annotation xmlns="http://docs.oasis-open.org/odata/ns/edm" Term="Core.DefaultNamespace"/>
    </edmx:Include>
    <edmx:IncludeAnnotations TermNamespace="org.example.display" Qualifier="Phone" TargetNamespace="Test"/>
  </edmx:Reference>
  <edmx:Reference Uri="https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData.Capabilities.V1.xml">
    <edmx:Include Namespace="Org.OData.Capabilities.V1" Alias="Capabilities"/>
  </edmx:Reference>
  <edmx:DataServices>
    <Schema xmlns="http://docs.oasis-open.org/odata/ns/edm" Namespace="Test" Alias="self">
      <EntityType Name="Thing" Abstract="true">
        <Key><PropertyRef Name="ID"/></Key>
        <Property Name="ID" Type="Edm.Int64" Nullable="false"/>
        <Property Name="Old" Type="Edm.ComplexType"/>
      </EntityType>
      <EntityType Name="Product" BaseType="self.Thing" OpenType="true" HasStream="true">
        <Property Name="Name" Type="Edm.String" Nullable="false" MaxLength="40" Unicode="false" DefaultValue="a &lt; &quot;b&quot;"/>
        <Property Name="Price" Type="Edm.Decimal" Precision="10" Scale="2" DefaultValue="1.50"/>
        <Property Name="Ratio" Type="Edm.Decimal" Scale="floating"/>
        <Property Name="Weight" Type="Edm.Decimal" Scale="variable"/>
        <Property Name="Whole" Type="Edm.Decimal"/>
        <Property Name="Made" Type="Edm.DateTimeOffset" Precision="7"/>
        <Property Name="Seconds" Type="Edm.TimeOfDay"/>
        <Property Name="Place" Type="Edm.GeographyPoint" SRID="variable"/>
        <Property Name="Shape" Type="Edm.GeometryPolygon" SRID="3857"/>
        <Property Name="Photo" Type="Edm.Stream"/>
        <Property Name="Anything" Type="Edm.Untyped"/>
        <Property Name="Old" Type="self.Address"/>
        <Property Name="Color" Type="self.Color" DefaultValue="Red"/>
        <Property Name="Rights" Type="self.Rights" DefaultValue="Read,Write"/>
        <Property Name="Big" Type="Edm.Int64" DefaultValue="9007199254740993"/>
        <Property Name="Yes" Type="Edm.Boolean" Nullable="false" DefaultValue="true"/>
        <Property Name="Tags" Type="Collection(Edm.String)" Nullable="false" MaxLength="5"/>
        <Property Name="Places" Type="Collection(self.Address)" Nullable="true">
          <Annotation Term="Core.Ordered"/>
        </Property>
        <Property Name="Size" Type="self.Length"/>
        <Property Name="CategoryID" Type="Edm.Int64"/>
        <NavigationProperty Name="Category" Type="self.Category" Partner="Products">
          <ReferentialConstraint Property="CategoryID" ReferencedProperty="ID">
            <Annotation Term="Core.Description" String="of a constraint"/>
          </ReferentialConstraint>
          <OnDelete Action="SetNull"><Annotation Term="Core.Description" String="forgotten"/></OnDelete>
        </NavigationProperty>
        <NavigationProperty Name="Parts" Type="Collection(self.Part)" ContainsTarget="true"/>
        <NavigationProperty Name="Related" Type="Collection(Edm.EntityType)"/>
      </EntityType>
      <EntityType Name="Category" BaseType="self.Thing">
        <NavigationProperty Name="Products" Type="Collection(self.Product)" Partner="Category"/>
      </EntityType>
      <EntityType Name="Part">
        <Key>
          <PropertyRef Name="Place/City" Alias="City"/>
          <PropertyRef Name="No"/>
        </Key>
        <Property Name="Place" Type="self.Address" Nullable="false"/>
        <Property Name="No" Type="Edm.Byte" Nullable="false"/>
        <NavigationProperty Name="Maker" Type="self.Category" Nullable="false"/>
        <Annotation Term="Core.AlternateKeys">
          <Collection>
            <Record>
              <PropertyValue Property="Key">
                <Collection><Record><PropertyValue Property="Name" PropertyPath="No"/><PropertyValue Property="Alias" String="Number"/></Record></Collection>
              </PropertyValue>
            </Record>
          </Collection>
        </Annotation>
      </EntityType>
      <EntityType Name="Settings">
        <Property Name="Mode" Type="Edm.String"/>
      </EntityType>
      <ComplexType Name="Address" OpenType="true">
        <Property Name="City" Type="Edm.String" Nullable="false"/>
        <NavigationProperty Name="Country" Type="self.Category"/>
      </ComplexType>
      <ComplexType Name="Home" BaseType="self.Address" OpenType="true" Abstract="true"/>
      <EnumType Name="Color">
        <Member Name="Red"><Annotation Term="Core.Description" String="like roses"/></Member>
        <Member Name="Green"/>
      </EnumType>
      <EnumType Name="Rights" UnderlyingType="Edm.Int64" IsFlags="true">
        <Member Name="Read" Value="1"/>
        <Member Name="Write" Value="2"/>
      </EnumType>
      <TypeDefinition Name="Length" UnderlyingType="Edm.Decimal" Precision="5" Scale="1"><Annotation Term="Core.Description" String="in metres"/></TypeDefinition>
      <Action Name="Clear"/>
      <Action Name="Rate" IsBound="true">
        <Parameter Name="it" Type="self.Product" Nullable="false"/>
        <Parameter Name="stars" Type="Edm.Decimal" Precision="3" Scale="1"/>
        <Parameter Name="why" Type="Edm.String" Nullable="false">
          <Annotation Term="Core.OptionalParameter"><Record><PropertyValue Property="DefaultValue" String="no reason"/></Record></Annotation>
        </Parameter>
      </Action>
      <Function Name="Best" IsBound="true" IsComposable="true" EntitySetPath="it/Products">
        <Parameter Name="it" Type="self.Category"/>
        <ReturnType Type="Collection(self.Product)"/>
      </Function>
      <Function Name="Sum"><Parameter Name="a" Type="Collection(Edm.Int32)" Nullable="false"/><ReturnType Type="Edm.Int32" Nullable="false"/></Function>
      <Function Name="Sum"><ReturnType Type="Edm.Int32" Nullable="false"/></Function>
      <Term Name="Tag" Type="Core.Tag" Nullable="false" DefaultValue="true" AppliesTo="EntityType Property"/>
      <Term Name="Level" Type="Edm.Int32" DefaultValue="5"/>
      <Term Name="Special" Type="Edm.Int32" BaseTerm="self.Level"/>
      <Term Name="Any" Type="Edm.Untyped"/>
      <Term Name="When" Type="Edm.Date"/>
      <Term Name="Ratio" Type="Edm.Double"/>
      <Term Name="Amount" Type="Edm.Decimal" Scale="variable"/>
      <Term Name="Colors" Type="Collection(self.Color)" Nullable="false"/>
      <Term Name="Where" Type="Edm.NavigationPropertyPath"/>
      <Term Name="Note" Type="Edm.String"/>
      <EntityContainer Name="Container">
        <EntitySet Name="Products" EntityType="self.Product">
          <NavigationPropertyBinding Path="Category" Target="Categories"/>
          <NavigationPropertyBinding Path="Places/Country" Target="self.Container/Categories"/>
          <Annotation Term="Capabilities.InsertRestrictions"><Record><PropertyValue Property="Insertable" Bool="false"/></Record></Annotation>
        </EntitySet>
        <EntitySet Name="Categories" EntityType="Test.Category" IncludeInServiceDocument="false"/>
        <Singleton Name="Settings" Type="self.Settings" Nullable="true"/>
        <ActionImport Name="Clear" Action="self.Clear"/>
        <FunctionImport Name="Sum" Function="self.Sum" IncludeInServiceDocument="true"/>
      </EntityContainer>
      <Annotations Target="self.Container/Products/Parts">
        <Annotation Term="Core.Description" String="parts of products"/>
      </Annotations>
      <Annotations Target="self.Product/Name" Qualifier="Short">
        <Annotation Term="Core.Description" String="the name"><Annotation Term="self.Note" String="of an annotation"/></Annotation>
      </Annotations>
      <Annotations Target="self.Rate(self.Product)/stars">
        <Annotation Term="Core.Description" String="one to five"/>
      </Annotations>
      <Annotations Target="self.Settings">
        <Annotation Term="self.Level" Int="7"/>
        <Annotation Term="self.Special" Int="8"/>
        <Annotation Term="self.When" Date="2026-01-31"/>
        <Annotation Term="self.Ratio" Float="INF"/>
        <Annotation Term="self.Amount" Decimal="12345678901234567890.5"/>
        <Annotation Term="self.Colors"><Collection><EnumMember>self.Color/Red</EnumMember><EnumMember>self.Color/Green</EnumMember></Collection></Annotation>
        <Annotation Term="self.Tag"/>
        <Annotation Term="org.example.unknown.Term" Bool="true"/>
      </Annotations>
      <Annotations Target="self.Part">
        <Annotation Term="self.Where" NavigationPropertyPath="Maker"/>
        <Annotation Term="self.Any" Qualifier="logic">
          <If><And><Eq><Path>No</Path><Int>1</Int></Eq><Not><Bool>true</Bool></Not></And><String>one</String><Null/></If>
        </Annotation>
        <Annotation Term="self.Any" Qualifier="sums"><Add><Path>No</Path><Neg><Int>3</Int></Neg></Add></Annotation>
        <Annotation Term="self.Any" Qualifier="apply"><Apply Function="odata.concat"><String>a</String><Path>Place/City</Path></Apply></Annotation>
        <Annotation Term="self.Any" Qualifier="cast"><Cast Type="Edm.Decimal" Precision="5" Scale="2"><Path>No</Path></Cast></Annotation>
        <Annotation Term="self.Any" Qualifier="isOf"><IsOf Type="Collection(self.Part)" Nullable="true"><Path>No</Path></IsOf></Annotation>
        <Annotation Term="self.Any" Qualifier="label"><LabeledElement Name="number"><Path>No</Path></LabeledElement></Annotation>
        <Annotation Term="self.Any" Qualifier="reference"><LabeledElementReference>self.number</LabeledElementReference></Annotation>
        <Annotation Term="self.Any" Qualifier="url"><UrlRef><String>http://host/x</String></UrlRef></Annotation>
        <Annotation Term="self.Any" Qualifier="null"><Null><Annotation Term="Core.Description" String="nothing"/></Null></Annotation>
        <Annotation Term="self.Any" Qualifier="record"><Record Type="self.Address"><PropertyValue Property="City" Path="Place/City"><Annotation Term="Core.Description" String="inside"/></PropertyValue></Record></Annotation>
        <Annotation Term="self.Any" Qualifier="list"><Collection><String>a</String><If><Bool>true</Bool><String>b</String></If></Collection></Annotation>
      </Annotations>
      <Annotation Term="Core.Description" String="all there is"/>
    </Schema>
  </edmx:DataServices>
</edmx:Edmx>
`;

export declare enum Genre {
    Fiction = "Fiction",
    Science = "Science",
    Poetry = "Poetry"
}
export declare enum Marks {
    Worn = "Worn",
    Signed = "Signed",
    Torn = "Torn"
}
export interface Book {
    /**
     * **Key Property**: This is a key property used to identify the entity.<br/>**Managed**: This property is managed on the server side and cannot be edited.
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `ID` |
     * | Type | `Edm.Int32` |
     * | Nullable | `false` |
     */
    ID: number;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Title` |
     * | Type | `Edm.String` |
     * | Nullable | `false` |
     */
    Title: string;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Price` |
     * | Type | `L.Money` |
     */
    Price: number | null;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Pages` |
     * | Type | `Edm.Int32` |
     */
    Pages: number | null;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Published` |
     * | Type | `Edm.Date` |
     */
    Published: string | null;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Genre` |
     * | Type | `L.Genre` |
     */
    Genre: Genre | null;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Tags` |
     * | Type | `Collection(Edm.String)` |
     * | Nullable | `false` |
     */
    Tags: Array<string>;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Size` |
     * | Type | `L.Size` |
     */
    Size: Size | null;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `AuthorID` |
     * | Type | `Edm.Int32` |
     */
    AuthorID: number | null;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Author` |
     * | Type | `L.Author` |
     */
    Author?: Author | null;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Copies` |
     * | Type | `Collection(L.Copy)` |
     */
    Copies?: Array<Copy>;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Topics` |
     * | Type | `Collection(L.Topic)` |
     */
    Topics?: Array<Topic>;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Sequel` |
     * | Type | `L.Book` |
     */
    Sequel?: Book | null;
}
export type BookId = number | {
    ID: number;
};
export interface EditableBook extends Pick<Book, "Title" | "Tags">, Partial<Pick<Book, "Price" | "Pages" | "Published" | "Genre" | "AuthorID">> {
    Size?: EditableSize | null;
}
export interface RareBook extends Book {
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Appraisal` |
     * | Type | `Edm.Decimal` |
     */
    Appraisal: number | null;
}
export interface EditableRareBook extends Pick<RareBook, "Title" | "Tags">, Partial<Pick<RareBook, "Price" | "Pages" | "Published" | "Genre" | "AuthorID" | "Appraisal">> {
    Size?: EditableSize | null;
}
export interface EBook extends Book {
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Format` |
     * | Type | `Edm.String` |
     */
    Format: string | null;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Mirrors` |
     * | Type | `Collection(L.Mirror)` |
     */
    Mirrors?: Array<Mirror>;
}
export interface EditableEBook extends Pick<EBook, "Title" | "Tags">, Partial<Pick<EBook, "Price" | "Pages" | "Published" | "Genre" | "AuthorID" | "Format">> {
    Size?: EditableSize | null;
}
export interface Mirror {
    /**
     * **Key Property**: This is a key property used to identify the entity.<br/>**Managed**: This property is managed on the server side and cannot be edited.
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Url` |
     * | Type | `Edm.String` |
     * | Nullable | `false` |
     */
    Url: string;
}
export type MirrorId = string | {
    Url: string;
};
export interface EditableMirror {
}
export interface Copy {
    /**
     * **Key Property**: This is a key property used to identify the entity.<br/>**Managed**: This property is managed on the server side and cannot be edited.
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `No` |
     * | Type | `Edm.Int32` |
     * | Nullable | `false` |
     */
    No: number;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Shelf` |
     * | Type | `Edm.String` |
     */
    Shelf: string | null;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Marks` |
     * | Type | `L.Marks` |
     */
    Marks: Marks | null;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Loans` |
     * | Type | `Collection(L.Loan)` |
     */
    Loans?: Array<Loan>;
}
export type CopyId = number | {
    No: number;
};
export interface EditableCopy extends Partial<Pick<Copy, "Shelf" | "Marks">> {
}
export interface Loan {
    /**
     * **Key Property**: This is a key property used to identify the entity.<br/>**Managed**: This property is managed on the server side and cannot be edited.
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Day` |
     * | Type | `Edm.Date` |
     * | Nullable | `false` |
     */
    Day: string;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Reader` |
     * | Type | `Edm.String` |
     */
    Reader: string | null;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Kept` |
     * | Type | `Edm.Duration` |
     */
    Kept: string | null;
}
export type LoanId = string | {
    Day: string;
};
export interface EditableLoan extends Partial<Pick<Loan, "Reader" | "Kept">> {
}
export interface Author {
    /**
     * **Key Property**: This is a key property used to identify the entity.<br/>**Managed**: This property is managed on the server side and cannot be edited.
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `ID` |
     * | Type | `Edm.Int32` |
     * | Nullable | `false` |
     */
    ID: number;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Name` |
     * | Type | `Edm.String` |
     */
    Name: string | null;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Born` |
     * | Type | `Edm.Date` |
     */
    Born: string | null;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Home` |
     * | Type | `L.Place` |
     */
    Home: Place | null;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Former` |
     * | Type | `Collection(L.Place)` |
     * | Nullable | `false` |
     */
    Former: Array<Place>;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Books` |
     * | Type | `Collection(L.Book)` |
     */
    Books?: Array<Book>;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Mentor` |
     * | Type | `L.Author` |
     */
    Mentor?: Author | null;
}
export type AuthorId = number | {
    ID: number;
};
export interface EditableAuthor extends Partial<Pick<Author, "Name" | "Born">> {
    Home?: EditablePlace | null;
    Former: Array<EditablePlace>;
}
export interface Topic {
    /**
     * **Key Property**: This is a key property used to identify the entity.<br/>**Managed**: This property is managed on the server side and cannot be edited.
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Code` |
     * | Type | `Edm.String` |
     * | Nullable | `false` |
     */
    Code: string;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Name` |
     * | Type | `Edm.String` |
     */
    Name: string | null;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Books` |
     * | Type | `Collection(L.Book)` |
     */
    Books?: Array<Book>;
}
export type TopicId = string | {
    Code: string;
};
export interface EditableTopic extends Partial<Pick<Topic, "Name">> {
}
export interface Shelf {
    /**
     * **Key Property**: This is a key property used to identify the entity.
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Room` |
     * | Type | `Edm.String` |
     * | Nullable | `false` |
     */
    Room: string;
    /**
     * **Key Property**: This is a key property used to identify the entity.
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Row` |
     * | Type | `Edm.Int32` |
     * | Nullable | `false` |
     */
    Row: number;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Load` |
     * | Type | `Edm.Double` |
     */
    Load: number | null;
}
export type ShelfId = {
    Room: string;
    Row: number;
};
export interface EditableShelf extends Pick<Shelf, "Room" | "Row">, Partial<Pick<Shelf, "Load">> {
}
export interface Desk {
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Opens` |
     * | Type | `Edm.TimeOfDay` |
     */
    Opens: string | null;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Clerk` |
     * | Type | `Edm.String` |
     */
    Clerk: string | null;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Favourite` |
     * | Type | `L.Book` |
     */
    Favourite?: Book | null;
}
export interface EditableDesk extends Partial<Pick<Desk, "Opens" | "Clerk">> {
}
export interface Value {
    /**
     * **Key Property**: This is a key property used to identify the entity.<br/>**Managed**: This property is managed on the server side and cannot be edited.
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `ID` |
     * | Type | `Edm.Guid` |
     * | Nullable | `false` |
     */
    ID: string;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Binary` |
     * | Type | `Edm.Binary` |
     */
    Binary: string | null;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Boolean` |
     * | Type | `Edm.Boolean` |
     */
    Boolean: boolean | null;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Byte` |
     * | Type | `Edm.Byte` |
     */
    Byte: number | null;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Date` |
     * | Type | `Edm.Date` |
     */
    Date: string | null;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `DateTimeOffset` |
     * | Type | `Edm.DateTimeOffset` |
     */
    DateTimeOffset: string | null;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Decimal` |
     * | Type | `Edm.Decimal` |
     */
    Decimal: number | null;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Double` |
     * | Type | `Edm.Double` |
     */
    Double: number | null;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Duration` |
     * | Type | `Edm.Duration` |
     */
    Duration: string | null;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Guid` |
     * | Type | `Edm.Guid` |
     */
    Guid: string | null;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Int16` |
     * | Type | `Edm.Int16` |
     */
    Int16: number | null;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Int32` |
     * | Type | `Edm.Int32` |
     */
    Int32: number | null;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Int64` |
     * | Type | `Edm.Int64` |
     */
    Int64: number | null;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `SByte` |
     * | Type | `Edm.SByte` |
     */
    SByte: number | null;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Single` |
     * | Type | `Edm.Single` |
     */
    Single: number | null;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `String` |
     * | Type | `Edm.String` |
     */
    String: string | null;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `TimeOfDay` |
     * | Type | `Edm.TimeOfDay` |
     */
    TimeOfDay: string | null;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `GeographyPoint` |
     * | Type | `Edm.GeographyPoint` |
     */
    GeographyPoint: string | null;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `GeometryPolygon` |
     * | Type | `Edm.GeometryPolygon` |
     */
    GeometryPolygon: string | null;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Marks` |
     * | Type | `L.Marks` |
     */
    Marks: Marks | null;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Int64s` |
     * | Type | `Collection(Edm.Int64)` |
     * | Nullable | `false` |
     */
    Int64s: Array<number>;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Decimals` |
     * | Type | `Collection(Edm.Decimal)` |
     * | Nullable | `false` |
     */
    Decimals: Array<number>;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Genres` |
     * | Type | `Collection(L.Genre)` |
     * | Nullable | `false` |
     */
    Genres: Array<Genre>;
}
export type ValueId = string | {
    ID: string;
};
export interface EditableValue extends Pick<Value, "Int64s" | "Decimals" | "Genres">, Partial<Pick<Value, "Binary" | "Boolean" | "Byte" | "Date" | "DateTimeOffset" | "Decimal" | "Double" | "Duration" | "Guid" | "Int16" | "Int32" | "Int64" | "SByte" | "Single" | "String" | "TimeOfDay" | "GeographyPoint" | "GeometryPolygon" | "Marks">> {
}
export interface Place {
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Street` |
     * | Type | `Edm.String` |
     */
    Street: string | null;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `City` |
     * | Type | `Edm.String` |
     */
    City: string | null;
}
export interface EditablePlace extends Partial<Pick<Place, "Street" | "City">> {
}
export interface Abroad extends Place {
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Country` |
     * | Type | `Edm.String` |
     * | Nullable | `false` |
     */
    Country: string;
}
export interface EditableAbroad extends Pick<Abroad, "Country">, Partial<Pick<Abroad, "Street" | "City">> {
}
export interface Size {
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Height` |
     * | Type | `Edm.Int16` |
     * | Nullable | `false` |
     */
    Height: number;
    /**
     *
     * OData Attributes:
     * |Attribute Name | Attribute Value |
     * | --- | ---|
     * | Name | `Width` |
     * | Type | `Edm.Int16` |
     */
    Width: number | null;
}
export interface EditableSize extends Pick<Size, "Height">, Partial<Pick<Size, "Width">> {
}

import { modelFrom } from '../../model/inline.js';
import { startOffice } from '../../model/office.js';
import { at, type Read, testReads } from '../../model/reads.js';
import { type Server, startServer } from '../../model/serve.js';

type Row = readonly [rows: string, path: string, v40: string, v401?: string];

const rows: readonly Row[] = [
  ['P10.1-1', '', ''],
  ['P10.2-1', 'People', '#People'],
  ['P10.2-1', 'People(1)/Team', '#People'],
  ['P10.2-1', 'People(1)/Notes', '#People(1)/Notes'],
  ['P10.2-1', 'Company/Rooms', '#Company/Rooms'],
  ['P10.3-1', 'People(2)', '#People/$entity'],
  ['P10.3-1', 'People(1)/Notes(2)', '#People(1)/Notes/$entity'],
  ['P10.3-1', 'People(2)/Boss', '#People/$entity'],
  ['P10.3-1', 'Company/Head', '#People/$entity'],
  ['P10.3-1 P10-3', 'Things/A/1', '#Things/$entity'],
  ['P10-3', 'Things/A/1/Label', "#Things(Room='A',Slot=1)/Label"],
  ['P10-3', 'People/1/Notes', '#People(1)/Notes'],
  ['P10.4-1', 'Company', '#Company'],
  ['P10.4-1', 'People(1)/Badge', '#People(1)/Badge'],
  ['P10.5-1', 'People/T.Manager', '#People/T.Manager'],
  ['P10.5-1', 'People(1)/Team/T.Manager', '#People/T.Manager'],
  ['P10.6-1', 'People(1)/T.Manager', '#People/T.Manager/$entity'],
  ['P10.6-1', 'People/T.Manager(1)', '#People/T.Manager/$entity'],
  ['P10.7-1 P10.7-2 P10.7-3', 'People?$select=ID,Name', '#People(ID,Name)'],
  ['P10.7-1', 'People/T.Manager?$select=Budget', '#People/T.Manager(Budget)'],
  ['P10.7-4', 'People?$select=Home/Zip', '#People(Home/Zip)'],
  ['P10.7-4', 'People?$select=Home($select=Zip,Street)', '#People(Home/Zip,Home/Street)'],
  ['P10.7-5', 'People?$select=*', '#People(*)'],
  ['P10.7-6', 'People?$select=Name,T.Manager/Budget', '#People(Name,T.Manager/Budget)'],
  ['P10.7-3', 'Things?$select=Label,Watts', '#Things(Label,Watts)'],
  ['P10.7-3', 'People?$select=Name,Boss', '#People(Name,Boss)'],
  ['P10.8-1', 'People(2)?$select=ID,Name', '#People(ID,Name)/$entity'],
  ['P10.8-1', 'Company?$select=Motto', '#Company(Motto)'],
  ['P10.8-1', 'People(1)/T.Manager?$select=Budget', '#People/T.Manager(Budget)/$entity'],
  ['P10.9-1 P10.9-3', 'People?$expand=Boss', '#People', '#People(Boss())'],
  ['P10.9-1', 'People?$select=Name&$expand=Boss($select=Name)', '#People(Name,Boss(Name))'],
  ['P10.9-1 P10.9-3', 'People?$select=Name&$expand=Boss', '#People(Name)', '#People(Name,Boss())'],
  ['P10.9-2 P10.9-3', 'People?$select=Name,Boss&$expand=Boss', '#People(Name,Boss)', '#People(Name,Boss,Boss())'],
  ['P10.9-1', 'People?$expand=Boss($expand=Boss($select=ID))', '#People(Boss(Boss(ID)))'],
  ['P10.9-3', 'People?$expand=Boss($expand=Boss)', '#People(Boss())', '#People(Boss(Boss()))'],
  ['P10.9-4', 'People?$expand=Team($levels=2;$select=Name)', '#People(Team+(Name))'],
  ['P10.9-4', 'People?$expand=Team($levels=2)', '#People', '#People(Team+())'],
  ['P10.9-5', 'People?$expand=Boss($select=ID)', '#People(Boss(ID))'],
  ['P10.9-6', 'People?$expand=Boss/$ref', '#People'],
  ['P10.9-6', 'People?$expand=Team/$count', '#People'],
  ['P10.9-1', 'People?$expand=Home/Country($select=Code)', '#People(Home/Country(Code))'],
  ['P10.9-1', 'People?$expand=T.Manager/Guests($select=ID)', '#People(T.Manager/Guests(ID))'],
  ['P10.10-1', 'People(2)?$select=Name&$expand=Boss', '#People(Name)/$entity', '#People(Name,Boss())/$entity'],
  ['P10.11-1', 'People(1)/Team/$ref', '#Collection($ref)'],
  ['P10.12-1', 'People(2)/Boss/$ref', '#$ref'],
  ['P10.13-1', 'People(1)/Name', '#People(1)/Name'],
  ['P10.13-1', 'People(1)/Nicks', '#People(1)/Nicks'],
  ['P10.13-1', 'People(1)/Home', '#People(1)/Home'],
  ['P10.13-1', 'People(1)/Home/Zip', '#People(1)/Home/Zip'],
  ['P10.13-1', 'People(1)/Home?$select=Zip', '#People(1)/Home(Zip)'],
  ['P10.13-1', 'People(1)/T.Manager/Budget', '#People(1)/T.Manager/Budget'],
  ['P10.13-1', 'People(1)/Notes(1)/Text', '#People(1)/Notes(1)/Text'],
  ['P10.13-1', 'Company/Motto', '#Company/Motto'],
  ['P10.20-1', '$crossjoin(People,Things)?$top=1', '#Collection(Edm.ComplexType)'],
];

const fragment =
  (name: string) =>
  (reply: Parameters<ReturnType<typeof at>>[0]): string | undefined =>
    String(at(name)(reply)).split('$metadata')[1];

describe('Protocol 10: context URLs', () => {
  let server: Server;
  before(async () => {
    server = await startOffice();
  });
  after(() => server.close());
  testReads(
    rows.flatMap(([ids, path, v40, v401 = v40]): Read[] => [
      [ids, path, 200, fragment('@odata.context'), v40, { 'odata-maxversion': '4.0' }],
      [ids, path, 200, fragment('@context'), v401, { 'odata-maxversion': '4.01' }],
    ]),
    () => server,
  );
});

describe('Protocol 10: where no set is known', () => {
  let server: Server;
  before(async () => {
    server = await startServer({
      model: modelFrom(`
<EntityType Name="A"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Int32" Nullable="false"/>
  <NavigationProperty Name="Next" Type="T.A"/><NavigationProperty Name="More" Type="Collection(T.A)"/></EntityType>
<EntityContainer Name="C"><EntitySet Name="As" EntityType="T.A"/><EntitySet Name="Bs" EntityType="T.A"/></EntityContainer>`),
    });
    await server.ask('POST', 'As', { body: { ID: 1 } });
  });
  after(() => server.close());
  testReads([['P10.2-1 P10.3-1', 'As(1)', 200, fragment('@odata.context'), '#As/$entity']], () => server);
});

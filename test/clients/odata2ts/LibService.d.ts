import { StringCollection, QStringCollection, NumberCollection, QNumberCollection, EnumCollection, QEnumCollection } from "@odata2ts/odata-query-objects";
import { ODataHttpClient } from "@odata2ts/http-client-api";
import { ODataService, EntityTypeServiceV4, CollectionServiceV4, EntitySetServiceV4 } from "@odata2ts/odata-service";
import { BookId, AuthorId, TopicId, ShelfId, ValueId, Book, EditableBook, CopyId, RareBook, EditableRareBook, EBook, EditableEBook, MirrorId, Mirror, EditableMirror, Copy, EditableCopy, LoanId, Loan, EditableLoan, Author, EditableAuthor, Place, EditablePlace, Topic, EditableTopic, Shelf, EditableShelf, Desk, EditableDesk, Value, EditableValue, Genre, Abroad, EditableAbroad, Size, EditableSize } from "./LibModel";
import { QBook, QRareBook, QEBook, QMirror, QCopy, QLoan, QAuthor, QPlace, QTopic, QShelf, QDesk, QValue, QAbroad, QSize } from "./QLib";
export declare class LibService<ClientType extends ODataHttpClient> extends ODataService<ClientType> {
    private _Desk?;
    Books(): BookCollectionService<ClientType>;
    Books(id: BookId): BookService<ClientType>;
    Authors(): AuthorCollectionService<ClientType>;
    Authors(id: AuthorId): AuthorService<ClientType>;
    Topics(): TopicCollectionService<ClientType>;
    Topics(id: TopicId): TopicService<ClientType>;
    Shelves(): ShelfCollectionService<ClientType>;
    Shelves(id: ShelfId): ShelfService<ClientType>;
    Values(): ValueCollectionService<ClientType>;
    Values(id: ValueId): ValueService<ClientType>;
    Desk(): DeskService<ClientType>;
}
export declare class BookService<ClientType extends ODataHttpClient> extends EntityTypeServiceV4<ClientType, Book, EditableBook, QBook> {
    private _Tags?;
    private _Size?;
    private _Author?;
    private _Sequel?;
    constructor(client: ClientType, basePath: string, name: string);
    Tags(): CollectionServiceV4<ClientType, StringCollection, QStringCollection, string>;
    Size(): SizeService<ClientType>;
    Author(): AuthorService<ClientType>;
    Copies(): CopyCollectionService<ClientType>;
    Copies(id: CopyId): CopyService<ClientType>;
    Topics(): TopicCollectionService<ClientType>;
    Topics(id: TopicId): TopicService<ClientType>;
    Sequel(): BookService<ClientType>;
}
export declare class BookCollectionService<ClientType extends ODataHttpClient> extends EntitySetServiceV4<ClientType, Book, EditableBook, QBook, BookId> {
    constructor(client: ClientType, basePath: string, name: string);
}
export declare class RareBookService<ClientType extends ODataHttpClient> extends EntityTypeServiceV4<ClientType, RareBook, EditableRareBook, QRareBook> {
    private _Tags?;
    private _Size?;
    private _Author?;
    private _Sequel?;
    constructor(client: ClientType, basePath: string, name: string);
    Tags(): CollectionServiceV4<ClientType, StringCollection, QStringCollection, string>;
    Size(): SizeService<ClientType>;
    Author(): AuthorService<ClientType>;
    Copies(): CopyCollectionService<ClientType>;
    Copies(id: CopyId): CopyService<ClientType>;
    Topics(): TopicCollectionService<ClientType>;
    Topics(id: TopicId): TopicService<ClientType>;
    Sequel(): BookService<ClientType>;
}
export declare class RareBookCollectionService<ClientType extends ODataHttpClient> extends EntitySetServiceV4<ClientType, RareBook, EditableRareBook, QRareBook, BookId> {
    constructor(client: ClientType, basePath: string, name: string);
}
export declare class EBookService<ClientType extends ODataHttpClient> extends EntityTypeServiceV4<ClientType, EBook, EditableEBook, QEBook> {
    private _Tags?;
    private _Size?;
    private _Author?;
    private _Sequel?;
    constructor(client: ClientType, basePath: string, name: string);
    Tags(): CollectionServiceV4<ClientType, StringCollection, QStringCollection, string>;
    Size(): SizeService<ClientType>;
    Author(): AuthorService<ClientType>;
    Copies(): CopyCollectionService<ClientType>;
    Copies(id: CopyId): CopyService<ClientType>;
    Topics(): TopicCollectionService<ClientType>;
    Topics(id: TopicId): TopicService<ClientType>;
    Sequel(): BookService<ClientType>;
    Mirrors(): MirrorCollectionService<ClientType>;
    Mirrors(id: MirrorId): MirrorService<ClientType>;
}
export declare class EBookCollectionService<ClientType extends ODataHttpClient> extends EntitySetServiceV4<ClientType, EBook, EditableEBook, QEBook, BookId> {
    constructor(client: ClientType, basePath: string, name: string);
}
export declare class MirrorService<ClientType extends ODataHttpClient> extends EntityTypeServiceV4<ClientType, Mirror, EditableMirror, QMirror> {
    constructor(client: ClientType, basePath: string, name: string);
}
export declare class MirrorCollectionService<ClientType extends ODataHttpClient> extends EntitySetServiceV4<ClientType, Mirror, EditableMirror, QMirror, MirrorId> {
    constructor(client: ClientType, basePath: string, name: string);
}
export declare class CopyService<ClientType extends ODataHttpClient> extends EntityTypeServiceV4<ClientType, Copy, EditableCopy, QCopy> {
    constructor(client: ClientType, basePath: string, name: string);
    Loans(): LoanCollectionService<ClientType>;
    Loans(id: LoanId): LoanService<ClientType>;
}
export declare class CopyCollectionService<ClientType extends ODataHttpClient> extends EntitySetServiceV4<ClientType, Copy, EditableCopy, QCopy, CopyId> {
    constructor(client: ClientType, basePath: string, name: string);
}
export declare class LoanService<ClientType extends ODataHttpClient> extends EntityTypeServiceV4<ClientType, Loan, EditableLoan, QLoan> {
    constructor(client: ClientType, basePath: string, name: string);
}
export declare class LoanCollectionService<ClientType extends ODataHttpClient> extends EntitySetServiceV4<ClientType, Loan, EditableLoan, QLoan, LoanId> {
    constructor(client: ClientType, basePath: string, name: string);
}
export declare class AuthorService<ClientType extends ODataHttpClient> extends EntityTypeServiceV4<ClientType, Author, EditableAuthor, QAuthor> {
    private _Home?;
    private _Former?;
    private _Mentor?;
    constructor(client: ClientType, basePath: string, name: string);
    Home(): PlaceService<ClientType>;
    Former(): CollectionServiceV4<ClientType, Place, QPlace, EditablePlace>;
    Books(): BookCollectionService<ClientType>;
    Books(id: BookId): BookService<ClientType>;
    Mentor(): AuthorService<ClientType>;
}
export declare class AuthorCollectionService<ClientType extends ODataHttpClient> extends EntitySetServiceV4<ClientType, Author, EditableAuthor, QAuthor, AuthorId> {
    constructor(client: ClientType, basePath: string, name: string);
}
export declare class TopicService<ClientType extends ODataHttpClient> extends EntityTypeServiceV4<ClientType, Topic, EditableTopic, QTopic> {
    constructor(client: ClientType, basePath: string, name: string);
    Books(): BookCollectionService<ClientType>;
    Books(id: BookId): BookService<ClientType>;
}
export declare class TopicCollectionService<ClientType extends ODataHttpClient> extends EntitySetServiceV4<ClientType, Topic, EditableTopic, QTopic, TopicId> {
    constructor(client: ClientType, basePath: string, name: string);
}
export declare class ShelfService<ClientType extends ODataHttpClient> extends EntityTypeServiceV4<ClientType, Shelf, EditableShelf, QShelf> {
    constructor(client: ClientType, basePath: string, name: string);
}
export declare class ShelfCollectionService<ClientType extends ODataHttpClient> extends EntitySetServiceV4<ClientType, Shelf, EditableShelf, QShelf, ShelfId> {
    constructor(client: ClientType, basePath: string, name: string);
}
export declare class DeskService<ClientType extends ODataHttpClient> extends EntityTypeServiceV4<ClientType, Desk, EditableDesk, QDesk> {
    private _Favourite?;
    constructor(client: ClientType, basePath: string, name: string);
    Favourite(): BookService<ClientType>;
}
export declare class ValueService<ClientType extends ODataHttpClient> extends EntityTypeServiceV4<ClientType, Value, EditableValue, QValue> {
    private _Int64s?;
    private _Decimals?;
    private _Genres?;
    constructor(client: ClientType, basePath: string, name: string);
    Int64s(): CollectionServiceV4<ClientType, NumberCollection, QNumberCollection, number>;
    Decimals(): CollectionServiceV4<ClientType, NumberCollection, QNumberCollection, number>;
    Genres(): CollectionServiceV4<ClientType, EnumCollection<Genre>, QEnumCollection, Genre>;
}
export declare class ValueCollectionService<ClientType extends ODataHttpClient> extends EntitySetServiceV4<ClientType, Value, EditableValue, QValue, ValueId> {
    constructor(client: ClientType, basePath: string, name: string);
}
export declare class PlaceService<ClientType extends ODataHttpClient> extends EntityTypeServiceV4<ClientType, Place, EditablePlace, QPlace> {
    constructor(client: ClientType, basePath: string, name: string);
}
export declare class AbroadService<ClientType extends ODataHttpClient> extends EntityTypeServiceV4<ClientType, Abroad, EditableAbroad, QAbroad> {
    constructor(client: ClientType, basePath: string, name: string);
}
export declare class SizeService<ClientType extends ODataHttpClient> extends EntityTypeServiceV4<ClientType, Size, EditableSize, QSize> {
    constructor(client: ClientType, basePath: string, name: string);
}

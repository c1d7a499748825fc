"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.SizeService = exports.AbroadService = exports.PlaceService = exports.ValueCollectionService = exports.ValueService = exports.DeskService = exports.ShelfCollectionService = exports.ShelfService = exports.TopicCollectionService = exports.TopicService = exports.AuthorCollectionService = exports.AuthorService = exports.LoanCollectionService = exports.LoanService = exports.CopyCollectionService = exports.CopyService = exports.MirrorCollectionService = exports.MirrorService = exports.EBookCollectionService = exports.EBookService = exports.RareBookCollectionService = exports.RareBookService = exports.BookCollectionService = exports.BookService = exports.LibService = void 0;
const odata_query_objects_1 = require("@odata2ts/odata-query-objects");
const odata_service_1 = require("@odata2ts/odata-service");
const QLib_1 = require("./QLib");
class LibService extends odata_service_1.ODataService {
    _Desk;
    Books(id) {
        const fieldName = "Books";
        const { client, path } = this.__base;
        return typeof id === "undefined" || id === null
            ? new BookCollectionService(client, path, fieldName)
            : new BookService(client, path, new QLib_1.QBookId(fieldName).buildUrl(id));
    }
    Authors(id) {
        const fieldName = "Authors";
        const { client, path } = this.__base;
        return typeof id === "undefined" || id === null
            ? new AuthorCollectionService(client, path, fieldName)
            : new AuthorService(client, path, new QLib_1.QAuthorId(fieldName).buildUrl(id));
    }
    Topics(id) {
        const fieldName = "Topics";
        const { client, path } = this.__base;
        return typeof id === "undefined" || id === null
            ? new TopicCollectionService(client, path, fieldName)
            : new TopicService(client, path, new QLib_1.QTopicId(fieldName).buildUrl(id));
    }
    Shelves(id) {
        const fieldName = "Shelves";
        const { client, path } = this.__base;
        return typeof id === "undefined" || id === null
            ? new ShelfCollectionService(client, path, fieldName)
            : new ShelfService(client, path, new QLib_1.QShelfId(fieldName).buildUrl(id));
    }
    Values(id) {
        const fieldName = "Values";
        const { client, path } = this.__base;
        return typeof id === "undefined" || id === null
            ? new ValueCollectionService(client, path, fieldName)
            : new ValueService(client, path, new QLib_1.QValueId(fieldName).buildUrl(id));
    }
    Desk() {
        if (!this._Desk) {
            const { client, path } = this.__base;
            this._Desk = new DeskService(client, path, "Desk");
        }
        return this._Desk;
    }
}
exports.LibService = LibService;
class BookService extends odata_service_1.EntityTypeServiceV4 {
    _Tags;
    _Size;
    _Author;
    _Sequel;
    constructor(client, basePath, name) {
        super(client, basePath, name, QLib_1.qBook);
    }
    Tags() {
        if (!this._Tags) {
            const { client, path } = this.__base;
            this._Tags = new odata_service_1.CollectionServiceV4(client, path, "Tags", odata_query_objects_1.qStringCollection);
        }
        return this._Tags;
    }
    Size() {
        if (!this._Size) {
            const { client, path } = this.__base;
            this._Size = new SizeService(client, path, "Size");
        }
        return this._Size;
    }
    Author() {
        if (!this._Author) {
            const { client, path } = this.__base;
            this._Author = new AuthorService(client, path, "Author");
        }
        return this._Author;
    }
    Copies(id) {
        const fieldName = "Copies";
        const { client, path } = this.__base;
        return typeof id === "undefined" || id === null
            ? new CopyCollectionService(client, path, fieldName)
            : new CopyService(client, path, new QLib_1.QCopyId(fieldName).buildUrl(id));
    }
    Topics(id) {
        const fieldName = "Topics";
        const { client, path } = this.__base;
        return typeof id === "undefined" || id === null
            ? new TopicCollectionService(client, path, fieldName)
            : new TopicService(client, path, new QLib_1.QTopicId(fieldName).buildUrl(id));
    }
    Sequel() {
        if (!this._Sequel) {
            const { client, path } = this.__base;
            this._Sequel = new BookService(client, path, "Sequel");
        }
        return this._Sequel;
    }
}
exports.BookService = BookService;
class BookCollectionService extends odata_service_1.EntitySetServiceV4 {
    constructor(client, basePath, name) {
        super(client, basePath, name, QLib_1.qBook, new QLib_1.QBookId(name));
    }
}
exports.BookCollectionService = BookCollectionService;
class RareBookService extends odata_service_1.EntityTypeServiceV4 {
    _Tags;
    _Size;
    _Author;
    _Sequel;
    constructor(client, basePath, name) {
        super(client, basePath, name, QLib_1.qRareBook);
    }
    Tags() {
        if (!this._Tags) {
            const { client, path } = this.__base;
            this._Tags = new odata_service_1.CollectionServiceV4(client, path, "Tags", odata_query_objects_1.qStringCollection);
        }
        return this._Tags;
    }
    Size() {
        if (!this._Size) {
            const { client, path } = this.__base;
            this._Size = new SizeService(client, path, "Size");
        }
        return this._Size;
    }
    Author() {
        if (!this._Author) {
            const { client, path } = this.__base;
            this._Author = new AuthorService(client, path, "Author");
        }
        return this._Author;
    }
    Copies(id) {
        const fieldName = "Copies";
        const { client, path } = this.__base;
        return typeof id === "undefined" || id === null
            ? new CopyCollectionService(client, path, fieldName)
            : new CopyService(client, path, new QLib_1.QCopyId(fieldName).buildUrl(id));
    }
    Topics(id) {
        const fieldName = "Topics";
        const { client, path } = this.__base;
        return typeof id === "undefined" || id === null
            ? new TopicCollectionService(client, path, fieldName)
            : new TopicService(client, path, new QLib_1.QTopicId(fieldName).buildUrl(id));
    }
    Sequel() {
        if (!this._Sequel) {
            const { client, path } = this.__base;
            this._Sequel = new BookService(client, path, "Sequel");
        }
        return this._Sequel;
    }
}
exports.RareBookService = RareBookService;
class RareBookCollectionService extends odata_service_1.EntitySetServiceV4 {
    constructor(client, basePath, name) {
        super(client, basePath, name, QLib_1.qRareBook, new QLib_1.QBookId(name));
    }
}
exports.RareBookCollectionService = RareBookCollectionService;
class EBookService extends odata_service_1.EntityTypeServiceV4 {
    _Tags;
    _Size;
    _Author;
    _Sequel;
    constructor(client, basePath, name) {
        super(client, basePath, name, QLib_1.qEBook);
    }
    Tags() {
        if (!this._Tags) {
            const { client, path } = this.__base;
            this._Tags = new odata_service_1.CollectionServiceV4(client, path, "Tags", odata_query_objects_1.qStringCollection);
        }
        return this._Tags;
    }
    Size() {
        if (!this._Size) {
            const { client, path } = this.__base;
            this._Size = new SizeService(client, path, "Size");
        }
        return this._Size;
    }
    Author() {
        if (!this._Author) {
            const { client, path } = this.__base;
            this._Author = new AuthorService(client, path, "Author");
        }
        return this._Author;
    }
    Copies(id) {
        const fieldName = "Copies";
        const { client, path } = this.__base;
        return typeof id === "undefined" || id === null
            ? new CopyCollectionService(client, path, fieldName)
            : new CopyService(client, path, new QLib_1.QCopyId(fieldName).buildUrl(id));
    }
    Topics(id) {
        const fieldName = "Topics";
        const { client, path } = this.__base;
        return typeof id === "undefined" || id === null
            ? new TopicCollectionService(client, path, fieldName)
            : new TopicService(client, path, new QLib_1.QTopicId(fieldName).buildUrl(id));
    }
    Sequel() {
        if (!this._Sequel) {
            const { client, path } = this.__base;
            this._Sequel = new BookService(client, path, "Sequel");
        }
        return this._Sequel;
    }
    Mirrors(id) {
        const fieldName = "Mirrors";
        const { client, path } = this.__base;
        return typeof id === "undefined" || id === null
            ? new MirrorCollectionService(client, path, fieldName)
            : new MirrorService(client, path, new QLib_1.QMirrorId(fieldName).buildUrl(id));
    }
}
exports.EBookService = EBookService;
class EBookCollectionService extends odata_service_1.EntitySetServiceV4 {
    constructor(client, basePath, name) {
        super(client, basePath, name, QLib_1.qEBook, new QLib_1.QBookId(name));
    }
}
exports.EBookCollectionService = EBookCollectionService;
class MirrorService extends odata_service_1.EntityTypeServiceV4 {
    constructor(client, basePath, name) {
        super(client, basePath, name, QLib_1.qMirror);
    }
}
exports.MirrorService = MirrorService;
class MirrorCollectionService extends odata_service_1.EntitySetServiceV4 {
    constructor(client, basePath, name) {
        super(client, basePath, name, QLib_1.qMirror, new QLib_1.QMirrorId(name));
    }
}
exports.MirrorCollectionService = MirrorCollectionService;
class CopyService extends odata_service_1.EntityTypeServiceV4 {
    constructor(client, basePath, name) {
        super(client, basePath, name, QLib_1.qCopy);
    }
    Loans(id) {
        const fieldName = "Loans";
        const { client, path } = this.__base;
        return typeof id === "undefined" || id === null
            ? new LoanCollectionService(client, path, fieldName)
            : new LoanService(client, path, new QLib_1.QLoanId(fieldName).buildUrl(id));
    }
}
exports.CopyService = CopyService;
class CopyCollectionService extends odata_service_1.EntitySetServiceV4 {
    constructor(client, basePath, name) {
        super(client, basePath, name, QLib_1.qCopy, new QLib_1.QCopyId(name));
    }
}
exports.CopyCollectionService = CopyCollectionService;
class LoanService extends odata_service_1.EntityTypeServiceV4 {
    constructor(client, basePath, name) {
        super(client, basePath, name, QLib_1.qLoan);
    }
}
exports.LoanService = LoanService;
class LoanCollectionService extends odata_service_1.EntitySetServiceV4 {
    constructor(client, basePath, name) {
        super(client, basePath, name, QLib_1.qLoan, new QLib_1.QLoanId(name));
    }
}
exports.LoanCollectionService = LoanCollectionService;
class AuthorService extends odata_service_1.EntityTypeServiceV4 {
    _Home;
    _Former;
    _Mentor;
    constructor(client, basePath, name) {
        super(client, basePath, name, QLib_1.qAuthor);
    }
    Home() {
        if (!this._Home) {
            const { client, path } = this.__base;
            this._Home = new PlaceService(client, path, "Home");
        }
        return this._Home;
    }
    Former() {
        if (!this._Former) {
            const { client, path } = this.__base;
            this._Former = new odata_service_1.CollectionServiceV4(client, path, "Former", QLib_1.qPlace);
        }
        return this._Former;
    }
    Books(id) {
        const fieldName = "Books";
        const { client, path } = this.__base;
        return typeof id === "undefined" || id === null
            ? new BookCollectionService(client, path, fieldName)
            : new BookService(client, path, new QLib_1.QBookId(fieldName).buildUrl(id));
    }
    Mentor() {
        if (!this._Mentor) {
            const { client, path } = this.__base;
            this._Mentor = new AuthorService(client, path, "Mentor");
        }
        return this._Mentor;
    }
}
exports.AuthorService = AuthorService;
class AuthorCollectionService extends odata_service_1.EntitySetServiceV4 {
    constructor(client, basePath, name) {
        super(client, basePath, name, QLib_1.qAuthor, new QLib_1.QAuthorId(name));
    }
}
exports.AuthorCollectionService = AuthorCollectionService;
class TopicService extends odata_service_1.EntityTypeServiceV4 {
    constructor(client, basePath, name) {
        super(client, basePath, name, QLib_1.qTopic);
    }
    Books(id) {
        const fieldName = "Books";
        const { client, path } = this.__base;
        return typeof id === "undefined" || id === null
            ? new BookCollectionService(client, path, fieldName)
            : new BookService(client, path, new QLib_1.QBookId(fieldName).buildUrl(id));
    }
}
exports.TopicService = TopicService;
class TopicCollectionService extends odata_service_1.EntitySetServiceV4 {
    constructor(client, basePath, name) {
        super(client, basePath, name, QLib_1.qTopic, new QLib_1.QTopicId(name));
    }
}
exports.TopicCollectionService = TopicCollectionService;
class ShelfService extends odata_service_1.EntityTypeServiceV4 {
    constructor(client, basePath, name) {
        super(client, basePath, name, QLib_1.qShelf);
    }
}
exports.ShelfService = ShelfService;
class ShelfCollectionService extends odata_service_1.EntitySetServiceV4 {
    constructor(client, basePath, name) {
        super(client, basePath, name, QLib_1.qShelf, new QLib_1.QShelfId(name));
    }
}
exports.ShelfCollectionService = ShelfCollectionService;
class DeskService extends odata_service_1.EntityTypeServiceV4 {
    _Favourite;
    constructor(client, basePath, name) {
        super(client, basePath, name, QLib_1.qDesk);
    }
    Favourite() {
        if (!this._Favourite) {
            const { client, path } = this.__base;
            this._Favourite = new BookService(client, path, "Favourite");
        }
        return this._Favourite;
    }
}
exports.DeskService = DeskService;
class ValueService extends odata_service_1.EntityTypeServiceV4 {
    _Int64s;
    _Decimals;
    _Genres;
    constructor(client, basePath, name) {
        super(client, basePath, name, QLib_1.qValue);
    }
    Int64s() {
        if (!this._Int64s) {
            const { client, path } = this.__base;
            this._Int64s = new odata_service_1.CollectionServiceV4(client, path, "Int64s", odata_query_objects_1.qNumberCollection);
        }
        return this._Int64s;
    }
    Decimals() {
        if (!this._Decimals) {
            const { client, path } = this.__base;
            this._Decimals = new odata_service_1.CollectionServiceV4(client, path, "Decimals", odata_query_objects_1.qNumberCollection);
        }
        return this._Decimals;
    }
    Genres() {
        if (!this._Genres) {
            const { client, path } = this.__base;
            this._Genres = new odata_service_1.CollectionServiceV4(client, path, "Genres", odata_query_objects_1.qEnumCollection);
        }
        return this._Genres;
    }
}
exports.ValueService = ValueService;
class ValueCollectionService extends odata_service_1.EntitySetServiceV4 {
    constructor(client, basePath, name) {
        super(client, basePath, name, QLib_1.qValue, new QLib_1.QValueId(name));
    }
}
exports.ValueCollectionService = ValueCollectionService;
class PlaceService extends odata_service_1.EntityTypeServiceV4 {
    constructor(client, basePath, name) {
        super(client, basePath, name, QLib_1.qPlace);
    }
}
exports.PlaceService = PlaceService;
class AbroadService extends odata_service_1.EntityTypeServiceV4 {
    constructor(client, basePath, name) {
        super(client, basePath, name, QLib_1.qAbroad);
    }
}
exports.AbroadService = AbroadService;
class SizeService extends odata_service_1.EntityTypeServiceV4 {
    constructor(client, basePath, name) {
        super(client, basePath, name, QLib_1.qSize);
    }
}
exports.SizeService = SizeService;

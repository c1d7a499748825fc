"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.qSize = exports.QSize = exports.qAbroad = exports.QAbroad = exports.qPlace = exports.QPlace = exports.QValueId = exports.qValue = exports.QValue = exports.qDesk = exports.QDesk = exports.QShelfId = exports.qShelf = exports.QShelf = exports.QTopicId = exports.qTopic = exports.QTopic = exports.QAuthorId = exports.qAuthor = exports.QAuthor = exports.QLoanId = exports.qLoan = exports.QLoan = exports.QCopyId = exports.qCopy = exports.QCopy = exports.QMirrorId = exports.qMirror = exports.QMirror = exports.qEBook = exports.QEBook = exports.qRareBook = exports.QRareBook = exports.QBookId = exports.qBook = exports.QBook = void 0;
const odata_query_objects_1 = require("@odata2ts/odata-query-objects");
class QBook extends odata_query_objects_1.QueryObject {
    ID = new odata_query_objects_1.QNumberPath(this.withPrefix("ID"));
    Title = new odata_query_objects_1.QStringPath(this.withPrefix("Title"));
    Price = new odata_query_objects_1.QNumberPath(this.withPrefix("Price"));
    Pages = new odata_query_objects_1.QNumberPath(this.withPrefix("Pages"));
    Published = new odata_query_objects_1.QDatePath(this.withPrefix("Published"));
    Genre = new odata_query_objects_1.QEnumPath(this.withPrefix("Genre"));
    Tags = new odata_query_objects_1.QCollectionPath(this.withPrefix("Tags"), () => odata_query_objects_1.QStringCollection);
    Size = new odata_query_objects_1.QEntityPath(this.withPrefix("Size"), () => QSize);
    AuthorID = new odata_query_objects_1.QNumberPath(this.withPrefix("AuthorID"));
    Author = new odata_query_objects_1.QEntityPath(this.withPrefix("Author"), () => QAuthor);
    Copies = new odata_query_objects_1.QEntityCollectionPath(this.withPrefix("Copies"), () => QCopy);
    Topics = new odata_query_objects_1.QEntityCollectionPath(this.withPrefix("Topics"), () => QTopic);
    Sequel = new odata_query_objects_1.QEntityPath(this.withPrefix("Sequel"), () => QBook);
}
exports.QBook = QBook;
exports.qBook = new QBook();
class QBookId extends odata_query_objects_1.QId {
    params = [new odata_query_objects_1.QNumberParam("ID")];
    getParams() {
        return this.params;
    }
}
exports.QBookId = QBookId;
class QRareBook extends QBook {
    Appraisal = new odata_query_objects_1.QNumberPath(this.withPrefix("Appraisal"));
}
exports.QRareBook = QRareBook;
exports.qRareBook = new QRareBook();
class QEBook extends QBook {
    Format = new odata_query_objects_1.QStringPath(this.withPrefix("Format"));
    Mirrors = new odata_query_objects_1.QEntityCollectionPath(this.withPrefix("Mirrors"), () => QMirror);
}
exports.QEBook = QEBook;
exports.qEBook = new QEBook();
class QMirror extends odata_query_objects_1.QueryObject {
    Url = new odata_query_objects_1.QStringPath(this.withPrefix("Url"));
}
exports.QMirror = QMirror;
exports.qMirror = new QMirror();
class QMirrorId extends odata_query_objects_1.QId {
    params = [new odata_query_objects_1.QStringParam("Url")];
    getParams() {
        return this.params;
    }
}
exports.QMirrorId = QMirrorId;
class QCopy extends odata_query_objects_1.QueryObject {
    No = new odata_query_objects_1.QNumberPath(this.withPrefix("No"));
    Shelf = new odata_query_objects_1.QStringPath(this.withPrefix("Shelf"));
    Marks = new odata_query_objects_1.QEnumPath(this.withPrefix("Marks"));
    Loans = new odata_query_objects_1.QEntityCollectionPath(this.withPrefix("Loans"), () => QLoan);
}
exports.QCopy = QCopy;
exports.qCopy = new QCopy();
class QCopyId extends odata_query_objects_1.QId {
    params = [new odata_query_objects_1.QNumberParam("No")];
    getParams() {
        return this.params;
    }
}
exports.QCopyId = QCopyId;
class QLoan extends odata_query_objects_1.QueryObject {
    Day = new odata_query_objects_1.QDatePath(this.withPrefix("Day"));
    Reader = new odata_query_objects_1.QStringPath(this.withPrefix("Reader"));
    Kept = new odata_query_objects_1.QStringPath(this.withPrefix("Kept"));
}
exports.QLoan = QLoan;
exports.qLoan = new QLoan();
class QLoanId extends odata_query_objects_1.QId {
    params = [new odata_query_objects_1.QDateParam("Day")];
    getParams() {
        return this.params;
    }
}
exports.QLoanId = QLoanId;
class QAuthor extends odata_query_objects_1.QueryObject {
    ID = new odata_query_objects_1.QNumberPath(this.withPrefix("ID"));
    Name = new odata_query_objects_1.QStringPath(this.withPrefix("Name"));
    Born = new odata_query_objects_1.QDatePath(this.withPrefix("Born"));
    Home = new odata_query_objects_1.QEntityPath(this.withPrefix("Home"), () => QPlace);
    Former = new odata_query_objects_1.QEntityCollectionPath(this.withPrefix("Former"), () => QPlace);
    Books = new odata_query_objects_1.QEntityCollectionPath(this.withPrefix("Books"), () => QBook);
    Mentor = new odata_query_objects_1.QEntityPath(this.withPrefix("Mentor"), () => QAuthor);
}
exports.QAuthor = QAuthor;
exports.qAuthor = new QAuthor();
class QAuthorId extends odata_query_objects_1.QId {
    params = [new odata_query_objects_1.QNumberParam("ID")];
    getParams() {
        return this.params;
    }
}
exports.QAuthorId = QAuthorId;
class QTopic extends odata_query_objects_1.QueryObject {
    Code = new odata_query_objects_1.QStringPath(this.withPrefix("Code"));
    Name = new odata_query_objects_1.QStringPath(this.withPrefix("Name"));
    Books = new odata_query_objects_1.QEntityCollectionPath(this.withPrefix("Books"), () => QBook);
}
exports.QTopic = QTopic;
exports.qTopic = new QTopic();
class QTopicId extends odata_query_objects_1.QId {
    params = [new odata_query_objects_1.QStringParam("Code")];
    getParams() {
        return this.params;
    }
}
exports.QTopicId = QTopicId;
class QShelf extends odata_query_objects_1.QueryObject {
    Room = new odata_query_objects_1.QStringPath(this.withPrefix("Room"));
    Row = new odata_query_objects_1.QNumberPath(this.withPrefix("Row"));
    Load = new odata_query_objects_1.QNumberPath(this.withPrefix("Load"));
}
exports.QShelf = QShelf;
exports.qShelf = new QShelf();
class QShelfId extends odata_query_objects_1.QId {
    params = [new odata_query_objects_1.QStringParam("Room"), new odata_query_objects_1.QNumberParam("Row")];
    getParams() {
        return this.params;
    }
}
exports.QShelfId = QShelfId;
class QDesk extends odata_query_objects_1.QueryObject {
    Opens = new odata_query_objects_1.QTimeOfDayPath(this.withPrefix("Opens"));
    Clerk = new odata_query_objects_1.QStringPath(this.withPrefix("Clerk"));
    Favourite = new odata_query_objects_1.QEntityPath(this.withPrefix("Favourite"), () => QBook);
}
exports.QDesk = QDesk;
exports.qDesk = new QDesk();
class QValue extends odata_query_objects_1.QueryObject {
    ID = new odata_query_objects_1.QGuidPath(this.withPrefix("ID"));
    Binary = new odata_query_objects_1.QBinaryPath(this.withPrefix("Binary"));
    Boolean = new odata_query_objects_1.QBooleanPath(this.withPrefix("Boolean"));
    Byte = new odata_query_objects_1.QNumberPath(this.withPrefix("Byte"));
    Date = new odata_query_objects_1.QDatePath(this.withPrefix("Date"));
    DateTimeOffset = new odata_query_objects_1.QDateTimeOffsetPath(this.withPrefix("DateTimeOffset"));
    Decimal = new odata_query_objects_1.QNumberPath(this.withPrefix("Decimal"));
    Double = new odata_query_objects_1.QNumberPath(this.withPrefix("Double"));
    Duration = new odata_query_objects_1.QStringPath(this.withPrefix("Duration"));
    Guid = new odata_query_objects_1.QGuidPath(this.withPrefix("Guid"));
    Int16 = new odata_query_objects_1.QNumberPath(this.withPrefix("Int16"));
    Int32 = new odata_query_objects_1.QNumberPath(this.withPrefix("Int32"));
    Int64 = new odata_query_objects_1.QNumberPath(this.withPrefix("Int64"));
    SByte = new odata_query_objects_1.QNumberPath(this.withPrefix("SByte"));
    Single = new odata_query_objects_1.QNumberPath(this.withPrefix("Single"));
    String = new odata_query_objects_1.QStringPath(this.withPrefix("String"));
    TimeOfDay = new odata_query_objects_1.QTimeOfDayPath(this.withPrefix("TimeOfDay"));
    GeographyPoint = new odata_query_objects_1.QStringPath(this.withPrefix("GeographyPoint"));
    GeometryPolygon = new odata_query_objects_1.QStringPath(this.withPrefix("GeometryPolygon"));
    Marks = new odata_query_objects_1.QEnumPath(this.withPrefix("Marks"));
    Int64s = new odata_query_objects_1.QCollectionPath(this.withPrefix("Int64s"), () => odata_query_objects_1.QNumberCollection);
    Decimals = new odata_query_objects_1.QCollectionPath(this.withPrefix("Decimals"), () => odata_query_objects_1.QNumberCollection);
    Genres = new odata_query_objects_1.QCollectionPath(this.withPrefix("Genres"), () => odata_query_objects_1.QEnumCollection);
}
exports.QValue = QValue;
exports.qValue = new QValue();
class QValueId extends odata_query_objects_1.QId {
    params = [new odata_query_objects_1.QGuidParam("ID")];
    getParams() {
        return this.params;
    }
}
exports.QValueId = QValueId;
class QPlace extends odata_query_objects_1.QueryObject {
    Street = new odata_query_objects_1.QStringPath(this.withPrefix("Street"));
    City = new odata_query_objects_1.QStringPath(this.withPrefix("City"));
}
exports.QPlace = QPlace;
exports.qPlace = new QPlace();
class QAbroad extends QPlace {
    Country = new odata_query_objects_1.QStringPath(this.withPrefix("Country"));
}
exports.QAbroad = QAbroad;
exports.qAbroad = new QAbroad();
class QSize extends odata_query_objects_1.QueryObject {
    Height = new odata_query_objects_1.QNumberPath(this.withPrefix("Height"));
    Width = new odata_query_objects_1.QNumberPath(this.withPrefix("Width"));
}
exports.QSize = QSize;
exports.qSize = new QSize();

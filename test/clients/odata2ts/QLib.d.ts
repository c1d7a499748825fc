import { QueryObject, QNumberPath, QStringPath, QDatePath, QEnumPath, QCollectionPath, QStringCollection, QEntityPath, QEntityCollectionPath, QId, QNumberParam, QStringParam, QDateParam, QTimeOfDayPath, QGuidPath, QBinaryPath, QBooleanPath, QDateTimeOffsetPath, QNumberCollection, QEnumCollection, QGuidParam } from "@odata2ts/odata-query-objects";
import { BookId, MirrorId, CopyId, LoanId, AuthorId, TopicId, ShelfId, ValueId } from "./LibModel";
export declare class QBook extends QueryObject {
    readonly ID: QNumberPath<number>;
    readonly Title: QStringPath<string>;
    readonly Price: QNumberPath<number>;
    readonly Pages: QNumberPath<number>;
    readonly Published: QDatePath<string>;
    readonly Genre: QEnumPath<string>;
    readonly Tags: QCollectionPath<QStringCollection>;
    readonly Size: QEntityPath<QSize>;
    readonly AuthorID: QNumberPath<number>;
    readonly Author: QEntityPath<QAuthor>;
    readonly Copies: QEntityCollectionPath<QCopy>;
    readonly Topics: QEntityCollectionPath<QTopic>;
    readonly Sequel: QEntityPath<QBook>;
}
export declare const qBook: QBook;
export declare class QBookId extends QId<BookId> {
    private readonly params;
    getParams(): QNumberParam<number>[];
}
export declare class QRareBook extends QBook {
    readonly Appraisal: QNumberPath<number>;
}
export declare const qRareBook: QRareBook;
export declare class QEBook extends QBook {
    readonly Format: QStringPath<string>;
    readonly Mirrors: QEntityCollectionPath<QMirror>;
}
export declare const qEBook: QEBook;
export declare class QMirror extends QueryObject {
    readonly Url: QStringPath<string>;
}
export declare const qMirror: QMirror;
export declare class QMirrorId extends QId<MirrorId> {
    private readonly params;
    getParams(): QStringParam<string>[];
}
export declare class QCopy extends QueryObject {
    readonly No: QNumberPath<number>;
    readonly Shelf: QStringPath<string>;
    readonly Marks: QEnumPath<string>;
    readonly Loans: QEntityCollectionPath<QLoan>;
}
export declare const qCopy: QCopy;
export declare class QCopyId extends QId<CopyId> {
    private readonly params;
    getParams(): QNumberParam<number>[];
}
export declare class QLoan extends QueryObject {
    readonly Day: QDatePath<string>;
    readonly Reader: QStringPath<string>;
    readonly Kept: QStringPath<string>;
}
export declare const qLoan: QLoan;
export declare class QLoanId extends QId<LoanId> {
    private readonly params;
    getParams(): QDateParam<string>[];
}
export declare class QAuthor extends QueryObject {
    readonly ID: QNumberPath<number>;
    readonly Name: QStringPath<string>;
    readonly Born: QDatePath<string>;
    readonly Home: QEntityPath<QPlace>;
    readonly Former: QEntityCollectionPath<QPlace>;
    readonly Books: QEntityCollectionPath<QBook>;
    readonly Mentor: QEntityPath<QAuthor>;
}
export declare const qAuthor: QAuthor;
export declare class QAuthorId extends QId<AuthorId> {
    private readonly params;
    getParams(): QNumberParam<number>[];
}
export declare class QTopic extends QueryObject {
    readonly Code: QStringPath<string>;
    readonly Name: QStringPath<string>;
    readonly Books: QEntityCollectionPath<QBook>;
}
export declare const qTopic: QTopic;
export declare class QTopicId extends QId<TopicId> {
    private readonly params;
    getParams(): QStringParam<string>[];
}
export declare class QShelf extends QueryObject {
    readonly Room: QStringPath<string>;
    readonly Row: QNumberPath<number>;
    readonly Load: QNumberPath<number>;
}
export declare const qShelf: QShelf;
export declare class QShelfId extends QId<ShelfId> {
    private readonly params;
    getParams(): (QNumberParam<number> | QStringParam<string>)[];
}
export declare class QDesk extends QueryObject {
    readonly Opens: QTimeOfDayPath<string>;
    readonly Clerk: QStringPath<string>;
    readonly Favourite: QEntityPath<QBook>;
}
export declare const qDesk: QDesk;
export declare class QValue extends QueryObject {
    readonly ID: QGuidPath<string>;
    readonly Binary: QBinaryPath;
    readonly Boolean: QBooleanPath<boolean>;
    readonly Byte: QNumberPath<number>;
    readonly Date: QDatePath<string>;
    readonly DateTimeOffset: QDateTimeOffsetPath<string>;
    readonly Decimal: QNumberPath<number>;
    readonly Double: QNumberPath<number>;
    readonly Duration: QStringPath<string>;
    readonly Guid: QGuidPath<string>;
    readonly Int16: QNumberPath<number>;
    readonly Int32: QNumberPath<number>;
    readonly Int64: QNumberPath<number>;
    readonly SByte: QNumberPath<number>;
    readonly Single: QNumberPath<number>;
    readonly String: QStringPath<string>;
    readonly TimeOfDay: QTimeOfDayPath<string>;
    readonly GeographyPoint: QStringPath<string>;
    readonly GeometryPolygon: QStringPath<string>;
    readonly Marks: QEnumPath<string>;
    readonly Int64s: QCollectionPath<QNumberCollection>;
    readonly Decimals: QCollectionPath<QNumberCollection>;
    readonly Genres: QCollectionPath<QEnumCollection>;
}
export declare const qValue: QValue;
export declare class QValueId extends QId<ValueId> {
    private readonly params;
    getParams(): QGuidParam<string>[];
}
export declare class QPlace extends QueryObject {
    readonly Street: QStringPath<string>;
    readonly City: QStringPath<string>;
}
export declare const qPlace: QPlace;
export declare class QAbroad extends QPlace {
    readonly Country: QStringPath<string>;
}
export declare const qAbroad: QAbroad;
export declare class QSize extends QueryObject {
    readonly Height: QNumberPath<number>;
    readonly Width: QNumberPath<number>;
}
export declare const qSize: QSize;

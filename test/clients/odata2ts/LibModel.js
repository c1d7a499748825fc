"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.Marks = exports.Genre = void 0;
var Genre;
(function (Genre) {
    Genre["Fiction"] = "Fiction";
    Genre["Science"] = "Science";
    Genre["Poetry"] = "Poetry";
})(Genre = exports.Genre || (exports.Genre = {}));
var Marks;
(function (Marks) {
    Marks["Worn"] = "Worn";
    Marks["Signed"] = "Signed";
    Marks["Torn"] = "Torn";
})(Marks = exports.Marks || (exports.Marks = {}));

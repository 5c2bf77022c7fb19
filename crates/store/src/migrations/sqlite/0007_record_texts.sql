-- Which records hold which word, so that the record can be searched. The program makes the words. A row is known
-- by the number of its organization times 2^40 plus its place in the log. It follows behind.
CREATE VIRTUAL TABLE record_texts USING fts5 (
    words, content = '', columnsize = 0, detail = 'none', tokenize = 'ascii'
);

-- `seq` is up to where the records of an organization are in the index.
CREATE TABLE record_texts_cursors (
    org TEXT NOT NULL PRIMARY KEY REFERENCES organizations (org),
    number INTEGER NOT NULL UNIQUE,
    seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

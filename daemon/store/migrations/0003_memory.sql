-- What parts remember between starts, what people and rules did, and which commands were obeyed.

-- Opaque bytes by name ("spread", "volume", "life:ID"): written in the transaction of the page that
-- changed them, so that memory and record never part.
CREATE TABLE states (
  name  TEXT PRIMARY KEY,
  bytes BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Only ever added to: who acknowledged, what a silence hid, what somebody thought of an alert.
CREATE TABLE journal (
  seq      INTEGER PRIMARY KEY AUTOINCREMENT,
  at       INTEGER NOT NULL,
  kind     TEXT NOT NULL,
  incident TEXT,                      -- NULL: about none.
  who      TEXT NOT NULL,             -- A person's name, or the rule's; may be empty.
  detail   TEXT NOT NULL              -- JSON.
) STRICT;
CREATE INDEX journal_by_incident ON journal (incident, seq) WHERE incident IS NOT NULL;
CREATE INDEX journal_by_time ON journal (at);

-- Commands that were obeyed, by the key their sender gave them: a second one is answered the same.
CREATE TABLE receipts (
  key    TEXT PRIMARY KEY,
  at     INTEGER NOT NULL,
  answer TEXT NOT NULL
) STRICT, WITHOUT ROWID;

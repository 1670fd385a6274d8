-- The first schema. Times are milliseconds since 1970-01-01 UTC, hours and minutes are counted from
-- there too. Counts that a network did not tell are NULL: absent is not zero.

-- Facts about the file: 'mentions' (how many), 'erased' (1: words of removed posts may still stand in
-- the index or the log), 'salt' (of the tombstones), 'search_text' (how the index's words were made).
CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value ANY NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES ('mentions', 0), ('erased', 0), ('salt', hex(randomblob(16)));

-- Words of small closed sets (brands, networks, sources, languages, labels, models), so that rows and
-- indices hold a small number each.
CREATE TABLE names (
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE sources (
  source        TEXT PRIMARY KEY,
  cursor        TEXT NOT NULL DEFAULT '',
  fetched       INTEGER NOT NULL DEFAULT 0,
  stored        INTEGER NOT NULL DEFAULT 0,
  duplicate     INTEGER NOT NULL DEFAULT 0,
  unmatched     INTEGER NOT NULL DEFAULT 0,
  rejected      INTEGER NOT NULL DEFAULT 0,
  quarantined   INTEGER NOT NULL DEFAULT 0,
  last_page_at  INTEGER NOT NULL DEFAULT 0,
  last_error_at INTEGER NOT NULL DEFAULT 0,
  last_error    TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

CREATE TABLE posts (
  id               INTEGER PRIMARY KEY,
  network          INTEGER NOT NULL,  -- names.id, as everywhere below.
  key_id           TEXT NOT NULL,
  native_id        TEXT,              -- NULL: the same as key_id.
  source           INTEGER NOT NULL,
  audience         INTEGER NOT NULL,
  url              TEXT NOT NULL,
  author           TEXT,              -- NULL: unknown.
  author_name      TEXT NOT NULL,
  author_followers INTEGER,
  title            TEXT NOT NULL,
  text             TEXT NOT NULL,
  truncated        INTEGER NOT NULL,
  language         TEXT NOT NULL,     -- As the source claims it.
  reply_to         TEXT NOT NULL,
  thread           TEXT NOT NULL,
  links            TEXT,              -- JSON; NULL: none.
  media            TEXT,              -- JSON; NULL: none.
  published_at     INTEGER NOT NULL,
  published_text   TEXT NOT NULL,
  edited_at        INTEGER,
  seen_at          INTEGER NOT NULL,
  engagement_at    INTEGER NOT NULL,  -- When the counts below were true.
  likes            INTEGER,
  replies          INTEGER,
  shares           INTEGER,
  views            INTEGER,
  score            INTEGER,
  UNIQUE (network, key_id)
) STRICT;
CREATE INDEX posts_by_time ON posts (seen_at);

-- One post about one brand, and what it says. `seen_at` is the post's. `seen_max` is the latest
-- seen_at of this row and of all with a lower id: it grows with the id, so that a time bounds the ids
-- of a full-text search exactly, whatever order rows came in.
CREATE TABLE mentions (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  post        INTEGER NOT NULL REFERENCES posts (id),
  brand       INTEGER NOT NULL,
  network     INTEGER NOT NULL,
  source      INTEGER NOT NULL,
  audience    INTEGER NOT NULL,
  language    INTEGER NOT NULL,
  sentiment   INTEGER NOT NULL,
  complaint   INTEGER NOT NULL,
  model       INTEGER NOT NULL,
  language_p  REAL NOT NULL,
  sentiment_p REAL NOT NULL,
  complaint_p REAL NOT NULL,
  copy        INTEGER NOT NULL,
  incident    TEXT,                   -- NULL: none.
  detail      TEXT NOT NULL,          -- JSON: spans, terms, all probabilities, evidence.
  seen_at     INTEGER NOT NULL,
  seen_max    INTEGER NOT NULL,
  UNIQUE (post, brand)
) STRICT;
-- What can be filtered by stands in the index, so that rows that do not match are never fetched.
CREATE INDEX mentions_by_brand ON mentions
  (brand, seen_at, id, network, source, language, sentiment, complaint, audience);
CREATE INDEX mentions_by_time ON mentions
  (seen_at, id, network, source, language, sentiment, complaint, audience);
CREATE INDEX mentions_by_incident ON mentions (incident, seen_at, id) WHERE incident IS NOT NULL;

-- The words of title and text, folded and stripped by us; rowid = mentions.id. `tags` holds brand,
-- source and a hash of the author ("b12 s3 a9f..."), so that a common word of a rare brand is found by
-- meeting two lists and not by fetching every row that has the word; and because a new author costs
-- this index a few bytes, but a B-tree a whole page. Contentless: the words can be made again from
-- the post at any time, so a second copy of every text would buy nothing.
CREATE VIRTUAL TABLE search USING fts5 (
  body, tags, content = '', columnsize = 0, tokenize = 'unicode61 remove_diacritics 0'
);

-- The highest mention id seen in an hour: bounds a search from above.
CREATE TABLE hours (
  hour    INTEGER PRIMARY KEY,
  last_id INTEGER NOT NULL
) STRICT;

CREATE TABLE rollups (
  brand     INTEGER NOT NULL,
  hour      INTEGER NOT NULL,
  network   INTEGER NOT NULL,
  language  INTEGER NOT NULL,
  sentiment INTEGER NOT NULL,
  complaint INTEGER NOT NULL,
  n         INTEGER NOT NULL,
  PRIMARY KEY (brand, hour, network, language, sentiment, complaint)
) STRICT, WITHOUT ROWID;

CREATE TABLE observations (
  post    INTEGER NOT NULL REFERENCES posts (id),
  at      INTEGER NOT NULL,
  likes   INTEGER,
  replies INTEGER,
  shares  INTEGER,
  views   INTEGER,
  score   INTEGER,
  PRIMARY KEY (post, at)
) STRICT, WITHOUT ROWID;

-- Removed posts that must not come back: a salted hash of the key, because keys name people.
CREATE TABLE tombstones (
  hash TEXT PRIMARY KEY,
  at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE incidents (
  id       TEXT PRIMARY KEY,
  brand    TEXT NOT NULL,
  state    INTEGER NOT NULL,
  score    REAL NOT NULL,
  last_at  INTEGER NOT NULL,
  document TEXT NOT NULL              -- JSON: the whole incident.
) STRICT;
CREATE INDEX incidents_by_score ON incidents (score, last_at, id);
CREATE INDEX incidents_alive ON incidents (id) WHERE state <> 2;

CREATE TABLE alerts (
  seq       INTEGER PRIMARY KEY AUTOINCREMENT,
  key       TEXT NOT NULL UNIQUE,
  raised_at INTEGER NOT NULL,
  document  TEXT NOT NULL,            -- JSON: the whole alert, with its incident as it was.
  body      TEXT NOT NULL             -- JSON: what consumers get.
) STRICT;
CREATE INDEX alerts_by_time ON alerts (raised_at);

CREATE TABLE outbox (
  id       INTEGER PRIMARY KEY AUTOINCREMENT,
  alert    INTEGER NOT NULL REFERENCES alerts (seq),
  sink     TEXT NOT NULL,
  state    INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_at  INTEGER NOT NULL DEFAULT 0,
  receipt  TEXT NOT NULL DEFAULT '',
  error    TEXT NOT NULL DEFAULT '',
  UNIQUE (alert, sink)
) STRICT;
CREATE INDEX outbox_by_state ON outbox (sink, state);

CREATE TABLE ledger (
  source     TEXT NOT NULL,
  minute     INTEGER NOT NULL,        -- Milliseconds, at the full minute.
  polls      INTEGER NOT NULL,
  pages      INTEGER NOT NULL,
  errors     INTEGER NOT NULL,
  posts      INTEGER NOT NULL,
  lost       INTEGER NOT NULL,
  latency_ms INTEGER NOT NULL,
  last_error TEXT NOT NULL,
  PRIMARY KEY (source, minute)
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_by_time ON ledger (minute);

CREATE TABLE quarantine (
  id     INTEGER PRIMARY KEY,
  at     INTEGER NOT NULL,
  source TEXT NOT NULL,
  stage  TEXT NOT NULL,
  error  TEXT NOT NULL,
  sample TEXT NOT NULL
) STRICT;
CREATE INDEX quarantine_by_time ON quarantine (at);

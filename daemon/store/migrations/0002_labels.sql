-- All heads of the label scheme. `labels` is every label of a mention as one number, four bits for each
-- facet (pack_labels in analysis/model/experience.hpp), so that any set of labels is one comparison,
-- (labels & mask) = bits, and the indices hold them all in a few bytes. Probabilities are in `detail`.
-- What was stored before keeps its sentiment; a complaint was a `complaint` of the facet experience
-- (bits 8 to 11), and what was none says nothing of the other kinds: it is `unsure`.
CREATE TABLE mentions_now (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  post       INTEGER NOT NULL REFERENCES posts (id),
  brand      INTEGER NOT NULL,
  network    INTEGER NOT NULL,
  source     INTEGER NOT NULL,
  audience   INTEGER NOT NULL,        -- The source's, not the facet.
  language   INTEGER NOT NULL,
  labels     INTEGER NOT NULL,
  model      INTEGER NOT NULL,
  language_p REAL NOT NULL,
  copy       INTEGER NOT NULL,
  incident   TEXT,                    -- NULL: none.
  detail     TEXT NOT NULL,           -- JSON: spans, terms, all probabilities, evidence.
  seen_at    INTEGER NOT NULL,
  seen_max   INTEGER NOT NULL,
  UNIQUE (post, brand)
) STRICT;

-- What names.id meant as a label.
CREATE TEMP TABLE said (id INTEGER PRIMARY KEY, sentiment INTEGER NOT NULL, experience INTEGER NOT NULL);
INSERT INTO said SELECT id,
  CASE name WHEN 'negative' THEN 2 WHEN 'neutral' THEN 3 WHEN 'positive' THEN 4 ELSE 0 END,
  CASE name WHEN 'yes' THEN 2 << 8 ELSE 0 END FROM names;

INSERT INTO mentions_now
  SELECT m.id, m.post, m.brand, m.network, m.source, m.audience, m.language,
         coalesce(s.sentiment, 0) | coalesce(c.experience, 0), m.model, m.language_p, m.copy,
         m.incident, m.detail, m.seen_at, m.seen_max
  FROM mentions m LEFT JOIN said s ON s.id = m.sentiment LEFT JOIN said c ON c.id = m.complaint
  ORDER BY m.id;
-- No id is given twice, also when the rows with the highest ones were removed.
DELETE FROM sqlite_sequence WHERE name = 'mentions_now';
INSERT INTO sqlite_sequence (name, seq)
  SELECT 'mentions_now', seq FROM sqlite_sequence WHERE name = 'mentions';
DROP TABLE mentions;
ALTER TABLE mentions_now RENAME TO mentions;

CREATE INDEX mentions_by_brand ON mentions
  (brand, seen_at, id, network, source, language, labels, audience);
CREATE INDEX mentions_by_time ON mentions
  (seen_at, id, network, source, language, labels, audience);
CREATE INDEX mentions_by_incident ON mentions (incident, seen_at, id) WHERE incident IS NOT NULL;

-- Counted by sentiment and experience alone: `labels` with the bits of the other facets at zero.
CREATE TABLE rollups_now (
  brand    INTEGER NOT NULL,
  hour     INTEGER NOT NULL,
  network  INTEGER NOT NULL,
  language INTEGER NOT NULL,
  labels   INTEGER NOT NULL,
  n        INTEGER NOT NULL,
  PRIMARY KEY (brand, hour, network, language, labels)
) STRICT, WITHOUT ROWID;
INSERT INTO rollups_now
  SELECT r.brand, r.hour, r.network, r.language,
         coalesce(s.sentiment, 0) | coalesce(c.experience, 0) AS labels, sum(r.n)
  FROM rollups r LEFT JOIN said s ON s.id = r.sentiment LEFT JOIN said c ON c.id = r.complaint
  GROUP BY r.brand, r.hour, r.network, r.language, labels;
DROP TABLE rollups;
ALTER TABLE rollups_now RENAME TO rollups;
DROP TABLE said;

-- Many plans of one size and one larger one, each with a locked round of last year and one that is half-way.
-- An initiative's number says which plan it is of; the larger plan comes last and has one owner.
CREATE TEMPORARY TABLE numbered ON COMMIT DROP AS
  SELECT n, CASE WHEN n <= :plans * :size THEN (n - 1) / :size + 1 ELSE :plans + 1 END AS plan_id,
         CASE WHEN n <= :plans * :size THEN (n - 1) % :size ELSE n - :plans * :size - 1 END AS place
  FROM generate_series(1, :initiatives) n;
INSERT INTO plan (id, slug, name, authority, office, coordinating_administration, council, closed_days, created_at)
  SELECT DISTINCT plan_id, 'plan-' || plan_id, 'Planen ' || plan_id, 'Eksempelby', '', '', '', 'christmas_eve',
         :at FROM numbered;
INSERT INTO administration (id, plan_id, code, name, position)
  SELECT (id - 1) * 7 + k, id, 'F' || k, 'Forvaltningen for område ' || k, k FROM plan, generate_series(1, 7) k;
INSERT INTO person (id, name, name_sort, email, language, is_administrator, active, undeliverable_reason, created_at)
  SELECT n, 'Ejer ' || n, 'ejer', 'ejer' || n || '@example.com', 'da', false, true, '', :at
  FROM generate_series(1, :initiatives) n;
INSERT INTO initiative (id, plan_id, administration_id, position, title, standing, origin, origin_decision, funder,
                        created_at, version)
  SELECT n, plan_id, (plan_id - 1) * 7 + place % 7 + 1, place / 7 + 1,
         'Indsats ' || n || ': flere uddannede medarbejdere i skoler, klubber & foreninger',
         'active', 'original', '', 'Budget', :at, 1 FROM numbered;
INSERT INTO placement (plan_id, place, initiative_id, person_id, from_on)
  SELECT plan_id, 'owner', n, CASE WHEN plan_id > :plans THEN :plans * :size + 1 ELSE (n - 1) / 3 * 3 + 1 END,
         DATE '2020-01-01' FROM numbered;
INSERT INTO round (id, plan_id, year, state, due_on, intro, caption, opened_at, locked_at)
  SELECT id, id, :year - 1, 'locked', NULL, '', '', :at, :at
  FROM plan;
INSERT INTO round (id, plan_id, year, state, due_on, intro, caption, opened_at)
  SELECT id + :plans + 1, id, :year, 'open', :due, '', '', :at
  FROM plan;
INSERT INTO contribution (round_id, administration_id, state)
  SELECT plan_id + :plans + 1, id, 'collecting' FROM administration;
INSERT INTO deadline (id, plan_id, initiative_id, round_id, kind, title, first_on, last_on, precision, open_end, words,
                      state, reason, created_at, moves, version)
  SELECT n, plan_id, n, plan_id + :plans + 1, 'status_due', 'Status', :due, :due, 'day',
         false, '', 'open', '', :at, 0, 1 FROM numbered;
INSERT INTO status_update (round_id, initiative_id, state, outcome, progress, reason, text, comment, remark, number,
                           title, version)
  SELECT plan_id, n, 'locked', 'reported', 'started', '', :text, '', '', place + 1, 'Indsats ' || n, 1
  FROM numbered;
INSERT INTO status_update (round_id, initiative_id, deadline_id, state, outcome, progress, reason, text, comment, remark,
                           title, submitted_at, submitted_by_id, version)
  SELECT plan_id + :plans + 1, n, n, state, CASE WHEN state <> 'not_started' THEN 'reported' END,
         CASE WHEN state <> 'not_started' THEN 'started' ELSE 'not_stated' END, '',
         CASE WHEN state <> 'not_started' THEN :text ELSE '' END, '', '', '',
         CASE WHEN state IN ('submitted', 'approved') THEN :at END,
         CASE WHEN state IN ('submitted', 'approved') THEN (n - 1) / 3 * 3 + 1 END, 1
  FROM (SELECT *, (ARRAY['not_started', 'approved', 'draft', 'submitted', 'returned', 'approved'])[place % 6 + 1] AS state
        FROM numbered) AS half_way;

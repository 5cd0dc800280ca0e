-- Plans of a thousand initiatives, each with an owner and a status that is due.
INSERT INTO plan (id, slug, name, authority, office, coordinating_administration, council, closed_days, created_at)
  SELECT n, 'plan-' || n, 'Plan ' || n, '', '', '', '', 'christmas_eve', :at FROM generate_series(1, :plans) n;
INSERT INTO administration (id, plan_id, code, name, position)
  SELECT n, n, 'F1', 'Forvaltning', 1 FROM generate_series(1, :plans) n;
INSERT INTO person (id, name, name_sort, email, language, is_administrator, active, undeliverable_reason, created_at)
  SELECT n, 'Ejer ' || n, 'ejer', 'ejer' || n || '@example.com', 'da', false, true, '', :at
  FROM generate_series(1, :updates / :owner_of) n;
INSERT INTO initiative (id, plan_id, administration_id, position, title, standing, origin, origin_decision, funder,
                        created_at, version)
  SELECT n, (n - 1) / :initiatives + 1, (n - 1) / :initiatives + 1, n, 'Flere uddannede medarbejdere i skoler ' || n,
         'active', 'original', '', '', :at, 1 FROM generate_series(1, :updates) n;
INSERT INTO placement (plan_id, place, initiative_id, person_id, from_on)
  SELECT plan_id, 'owner', id, (id - 1) / :owner_of + 1, '2020-01-01' FROM initiative;
INSERT INTO round (id, plan_id, year, state, due_on, intro, caption, opened_at)
  SELECT id, id, :year, 'open', :due, '', '', :at FROM plan;
INSERT INTO deadline (id, plan_id, initiative_id, round_id, kind, title, first_on, last_on, precision, open_end, words,
                      state, reason, created_at, moves, version)
  SELECT id, plan_id, id, plan_id, 'status_due', 'Status', :due, :due, 'day', false, '', 'open', '', :at, 0, 1
  FROM initiative;
INSERT INTO status_update (round_id, initiative_id, deadline_id, state, progress, reason, text, comment, remark, title,
                           version)
  SELECT plan_id, id, id, 'not_started', 'not_stated', '', '', '', '', '', 1 FROM initiative;

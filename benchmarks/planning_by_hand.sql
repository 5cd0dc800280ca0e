-- The reminders of every open update, by somebody who knows when each step is due.
INSERT INTO reminder_item (obligation_kind, obligation_id, step, deadline_on, person_id, plan_id, state, first_on, due_on,
                           due_at, urgency, title, path, words, reason)
  SELECT 'status_due', u.id, s.step, d.last_on, h.person_id, r.plan_id, 'planned', NULL, s.due_on, s.due_at, s.urgency,
         i.title, '/updates/' || u.id, '', ''
  FROM status_update u JOIN round r ON r.id = u.round_id JOIN initiative i ON i.id = u.initiative_id
  JOIN deadline d ON d.id = u.deadline_id JOIN placement h ON h.initiative_id = i.id AND h.place = 'owner'
  CROSS JOIN bench_step s
  WHERE r.state = 'open' AND u.state IN ('not_started', 'draft')
ON CONFLICT (obligation_kind, obligation_id, step, deadline_on, person_id) DO UPDATE
  SET due_on = excluded.due_on, due_at = excluded.due_at, title = excluded.title, state = 'planned'
  WHERE reminder_item.state IN ('planned', 'cancelled')

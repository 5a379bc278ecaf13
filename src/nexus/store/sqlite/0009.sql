-- Messages that were deleted mention nobody any more.
DELETE FROM mentions WHERE place IN (SELECT place FROM amended WHERE deleted = 1);
UPDATE events SET mentions = 0
WHERE mentions > 0 AND place IN (SELECT place FROM amended WHERE deleted = 1);

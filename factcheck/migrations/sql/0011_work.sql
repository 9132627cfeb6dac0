-- What was decided on somebody's work is found layer by layer, newest first, and what of it waits for an answer without
-- looking at what was answered long ago.
CREATE INDEX review_of_layer ON review (layer_id, id) WHERE superseded_by_id IS NULL;
CREATE INDEX review_question_of_layer ON review (layer_id, id) WHERE superseded_by_id IS NULL AND decision = 'ask';
CREATE INDEX proposed_of_layer ON proposed_annotation (layer_id, id) WHERE withdrawn_at IS NULL;
CREATE INDEX annotation_change_asked ON annotation (layer_id) WHERE withdrawn_at IS NULL AND status IN ('change_asked', 'split');
CREATE INDEX relation_change_asked ON relation (layer_id) WHERE withdrawn_at IS NULL AND status IN ('change_asked', 'split');
CREATE INDEX source_link_change_asked ON source_link (layer_id)
    WHERE withdrawn_at IS NULL AND status IN ('change_asked', 'split');

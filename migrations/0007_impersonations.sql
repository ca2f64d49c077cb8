-- Clients decide how often they act for participants, so the content of these events is swept too.
DROP INDEX audit_events_short_lived;

-- Both engines use a partial index only for a literal value.
CREATE INDEX audit_events_short_lived ON audit_events (at)
    WHERE kind IN (
        'token.revoked', 'tokens.revoked', 'admin.sign_in_failed', 'participant.impersonated', 'participant.extra_changed'
    ) AND data IS NOT NULL;

-- a copy of a production database must not take part in production
UPDATE payment_hub_connection
   SET state = 'disabled', token = replace(gen_random_uuid()::text, '-', '');
-- nor send anything to its webhooks
UPDATE payment_hub_connection
   SET webhook_url = 'http://localhost/payment_hub/webhook/' || token;
DELETE FROM payment_hub_secret;
UPDATE payment_hub_backfill SET state = 'cancelled' WHERE state IN ('running', 'waiting');
UPDATE payment_hub_lookup SET state = 'failed' WHERE state = 'todo';
DELETE FROM payment_hub_onboarding;
DELETE FROM payment_hub_replacement;

-- a copy of a production database must not take part in production
UPDATE payment_hub_connection SET state = 'disabled';
DELETE FROM payment_hub_secret;

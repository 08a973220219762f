"""Tables, migrations, one unit of work per turn, the outbox."""

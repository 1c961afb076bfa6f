"""How far correct code may be off: a-priori bounds on rounding errors (running error analysis), in three tiers."""

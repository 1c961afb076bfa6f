"""The subcommands of ``w2v-verified``, one module each: ``add_arguments(parser)`` and ``run(options)``."""

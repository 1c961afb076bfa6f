"""From a loss's file to stages that can be differentiated one by one."""

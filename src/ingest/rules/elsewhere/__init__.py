"""Findings that stages, readers of converted files and writers make themselves: here are their manuals. A
folder of its own, so that nothing is loaded of it before there is one."""

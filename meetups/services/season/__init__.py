"""Loads a group's recorded season: files to documents to rows, whole or not at all."""

from meetups.services.season.loading import load_season

__all__ = ["load_season"]

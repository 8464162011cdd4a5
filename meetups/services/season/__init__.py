"""Loads a group's recorded season: files to documents to rows, whole or not at all."""

from meetups.services.season.loading import load_season
from meetups.services.season.registry import register_season_part

__all__ = ["load_season", "register_season_part"]

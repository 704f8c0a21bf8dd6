"""Tests of the grid model."""

"""The call service, and the library that the feature codes and the panel use."""

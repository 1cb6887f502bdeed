"""Where does this call go next, and why: pure rules, standard library only."""

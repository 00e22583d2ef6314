package dev.gatehouse.access;

import dev.gatehouse.access.Requirement.All;
import dev.gatehouse.access.Requirement.Any;
import dev.gatehouse.access.Requirement.Not;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds what nobody can meet: a requirement and its opposite, both of which are needed. */
final class Contradiction {
  private Contradiction() {}

  /** The part that is required and ruled out at once; empty where none is. */
  static Optional<Requirement> in(Requirement requirement) {
    if (requirement instanceof Any any) {
      List<Requirement> closed = any.parts().stream().flatMap(part -> in(part).stream()).toList();
      return !closed.isEmpty() && closed.size() == any.parts().size()
          ? Optional.of(closed.get(0))
          : Optional.empty();
    }
    List<Requirement> needed = new ArrayList<>();
    collect(requirement, needed);
    for (Requirement part : needed) {
      if (part instanceof Not not && needed.contains(not.part())) {
        return Optional.of(not.part());
      }
      Optional<Requirement> inner = part instanceof Any ? in(part) : Optional.empty();
      if (inner.isPresent()) {
        return inner;
      }
    }
    return Optional.empty();
  }

  private static void collect(Requirement requirement, List<Requirement> needed) {
    if (requirement instanceof All all) {
      all.parts().forEach(part -> collect(part, needed));
    } else {
      needed.add(requirement);
    }
  }
}

package dev.gatehouse.identity;

import java.util.AbstractMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The claims of one user, in as little memory as they need: the names are one list for all users
 * who have the same claims, and a dozen of them are found as fast by looking at each. Immutable.
 */
final class ClaimMap extends AbstractMap<String, Object> {
  private final List<String> names;
  private final Object[] values;

  private ClaimMap(List<String> names, Object[] values) {
    this.names = names;
    this.values = values;
  }

  /**
   * Copies {@code claims}.
   *
   * @param shapes where lists of names are shared
   * @throws NullPointerException when a value is null
   */
  static ClaimMap of(Map<String, Object> claims, Recurring<List<String>> shapes) {
    Map<String, Object> checked = Map.copyOf(claims);
    List<String> names = shapes.one(checked.keySet().stream().sorted().toList());
    return new ClaimMap(names, names.stream().map(checked::get).toArray());
  }

  @Override
  public Object get(Object name) {
    for (int i = 0; i < values.length; i++) {
      if (names.get(i).equals(name)) {
        return values[i];
      }
    }
    return null;
  }

  @Override
  public boolean containsKey(Object name) {
    return get(name) != null;
  }

  @Override
  public int size() {
    return values.length;
  }

  @Override
  public Set<Map.Entry<String, Object>> entrySet() {
    Set<Map.Entry<String, Object>> entries = new LinkedHashSet<>();
    for (int i = 0; i < values.length; i++) {
      entries.add(Map.entry(names.get(i), values[i]));
    }
    return Set.copyOf(entries);
  }
}

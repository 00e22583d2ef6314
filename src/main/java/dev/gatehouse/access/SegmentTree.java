package dev.gatehouse.access;

import java.util.ArrayList;
import java.util.List;

/**
 * One node for each segment that a pattern names. Keys are folded (case, dots and spaces at the
 * end), so that whatever may be the same segment to an app leads to one node; which rules of the
 * node hold is seen at the rules. Filled once, then only read.
 */
final class SegmentTree {
  private final String key;
  private final int hash;
  private SegmentTree[] table = new SegmentTree[0];
  private SegmentTree any;
  private final List<CompiledRule> here = new ArrayList<>();
  private final List<CompiledRule> below = new ArrayList<>();

  /** A root. */
  SegmentTree() {
    this("", 0);
  }

  private SegmentTree(String key, int hash) {
    this.key = key;
    this.hash = hash;
  }

  /** Adds a rule below this root. */
  void add(CompiledRule rule) {
    SegmentTree node = this;
    for (String segment : rule.pattern().segments()) {
      node = segment.equals(PathPattern.ANY) ? node.anyOrNew() : node.childOrNew(segment);
    }
    List<CompiledRule> rules = rule.pattern().isTree() ? node.below : node.here;
    rules.add(rule);
    rules.sort(CompiledRule.ORDER);
  }

  /** The rules whose pattern ends at this node. */
  List<CompiledRule> here() {
    return here;
  }

  /** The rules whose pattern ends in {@code **} after this node. */
  List<CompiledRule> below() {
    return below;
  }

  /** The node of {@code *}; null where there is none. */
  SegmentTree any() {
    return any;
  }

  /** The node of a literal segment; null where there is none. Allocates nothing. */
  SegmentTree child(String path, int from, int to) {
    if (table.length == 0) {
      return null;
    }
    int end = PathPattern.trimmedEnd(path, from, to);
    int wanted = hash(path, from, end);
    for (int slot = wanted & (table.length - 1);
        table[slot] != null;
        slot = (slot + 1) & (table.length - 1)) {
      SegmentTree child = table[slot];
      if (child.hash == wanted
          && child.key.length() == end - from
          && child.key.regionMatches(true, 0, path, from, end - from)) {
        return child;
      }
    }
    return null;
  }

  private SegmentTree anyOrNew() {
    if (any == null) {
      any = new SegmentTree(PathPattern.ANY, 0);
    }
    return any;
  }

  private SegmentTree childOrNew(String segment) {
    SegmentTree child = child(segment, 0, segment.length());
    if (child == null) {
      int end = PathPattern.trimmedEnd(segment, 0, segment.length());
      child = new SegmentTree(segment.substring(0, end), hash(segment, 0, end));
      insert(child);
    }
    return child;
  }

  private void insert(SegmentTree child) {
    List<SegmentTree> children = new ArrayList<>(List.of(child));
    for (SegmentTree each : table) {
      if (each != null) {
        children.add(each);
      }
    }
    // A power of two, at most half full.
    table = new SegmentTree[Integer.highestOneBit(children.size()) * 4];
    for (SegmentTree each : children) {
      int slot = each.hash & (table.length - 1);
      while (table[slot] != null) {
        slot = (slot + 1) & (table.length - 1);
      }
      table[slot] = each;
    }
  }

  private static int hash(String text, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      // The same folding as regionMatches(true, …).
      hash = 31 * hash + Character.toLowerCase(Character.toUpperCase(text.charAt(i)));
    }
    return hash ^ hash >>> 16;
  }
}

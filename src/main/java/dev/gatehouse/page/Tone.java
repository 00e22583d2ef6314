package dev.gatehouse.page;

import java.util.Locale;

/** The mood of a page: its colour and its sign. Both only decorate; the words say it all. */
enum Tone {
  /** It does not go on here. */
  STOP("M12 6.5v6.5m0 4v.01"),
  /** It goes on a little later. */
  WAIT("M12 6.5v6l3.5 2"),
  /** The user is to do something. */
  ASK("M7 12h9.5m-4-4.5 4.5 4.5-4.5 4.5"),
  /** All is well. */
  DONE("M7 12.5l3.5 3.5 6.5-7.5");

  private final String icon;

  Tone(String icon) {
    this.icon = icon;
  }

  /** SVG path data in a view box of 24 by 24. */
  String icon() {
    return icon;
  }

  /** The CSS class. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}

package dev.gatehouse.config;

import dev.gatehouse.access.CrossSiteMode;
import dev.gatehouse.access.LetterCase;
import dev.gatehouse.access.PreflightMode;
import dev.gatehouse.config.GatehouseConfig.AppTraits;
import dev.gatehouse.config.GatehouseConfig.CrossSite;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads what is to be known of the app, and what browsers may do to it on behalf of others. */
final class BrowserSettings {
  private static final String TRUSTED = "cross-site.trusted-origins";

  private final Values values;
  private final boolean allowHttp;

  BrowserSettings(Values values, boolean allowHttp) {
    this.values = values;
    this.allowHttp = allowHttp;
  }

  /** The settings of {@code app}, {@code cors-preflight} and {@code cross-site}. */
  AppTraits read() {
    return new AppTraits(
        values.flag("app.case-insensitive") ? LetterCase.FOLDED : LetterCase.EXACT,
        values
            .choice("cors-preflight")
            .map(BrowserSettings::preflight)
            .orElse(PreflightMode.REFUSE),
        new CrossSite(
            values
                .choice("cross-site.policy")
                .map(BrowserSettings::crossSite)
                .orElse(CrossSiteMode.REFUSE_UNSAFE),
            isRefused("cross-site.same-site"),
            isRefused("cross-site.unknown"),
            trustedOrigins()));
  }

  private boolean isRefused(String key) {
    return values.choice(key).filter("refuse"::equals).isPresent();
  }

  private Set<String> trustedOrigins() {
    Set<String> origins = new LinkedHashSet<>();
    values
        .items(TRUSTED)
        .forEach(
            (place, origin) -> {
              Optional<URI> url = WebUrl.parse(origin.text());
              boolean bare = url.filter(BrowserSettings::isOrigin).isPresent();
              if (!bare) {
                values.error(
                    "origin",
                    place,
                    "is "
                        + origin.shown()
                        + "; write scheme, host and port alone, such as https://pay.example");
              } else if (!origin.text().startsWith("https://") && !allowHttp) {
                values.error(
                    "insecure-origin",
                    place,
                    "is http, so that anybody on the way can speak for it; write its https origin");
              } else {
                origins.add(origin.text());
              }
            });
    return origins;
  }

  private static boolean isOrigin(URI url) {
    return url.getRawPath().isEmpty()
        && url.getRawQuery() == null
        && url.getRawFragment() == null
        && url.getRawUserInfo() == null;
  }

  /** The mode that goes by that word. */
  static PreflightMode preflight(String word) {
    return PreflightMode.valueOf(constant(word));
  }

  /** The mode that goes by that word. */
  static CrossSiteMode crossSite(String word) {
    return CrossSiteMode.valueOf(constant(word));
  }

  private static String constant(String word) {
    return word.toUpperCase(Locale.ROOT).replace('-', '_');
  }
}

package dev.gatehouse.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.access.Cidr;
import dev.gatehouse.config.GatehouseConfig.ForwardAuth;
import dev.gatehouse.seal.Secret;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads whether other proxies may ask about their requests, and how they do. */
final class ForwardAuthSettings {
  private static final String ENABLED = "forward-auth.enabled";
  private static final String KEY = "forward-auth.key";

  /** Nobody guesses 128 bits; in hex they are 32 characters. */
  private static final int LEAST_KEY_BYTES = 32;

  private final Values values;
  private final SecretChecks secrets;

  ForwardAuthSettings(Values values, SecretChecks secrets) {
    this.values = values;
    this.secrets = secrets;
  }

  /**
   * How other proxies ask; empty where they may not.
   *
   * @param trustedProxies who they are: without any, whoever reaches the endpoint could say what
   *     request he means
   */
  Optional<ForwardAuth> read(List<Cidr> trustedProxies) {
    Optional<Secret> key = key();
    Optional<String> request = values.choice("forward-auth.request");
    Optional<String> answers = values.choice("forward-auth.answers");
    if (!values.flag(ENABLED)) {
      return Optional.empty();
    }
    if (trustedProxies.isEmpty() && values.items("trusted-proxies").isEmpty()) {
      values.error(
          "forward-auth-peers",
          ENABLED,
          "is true, but trusted-proxies is empty: anybody could say which request he asks about."
              + " Write the addresses of the proxies that ask, such as trusted-proxies:"
              + " [10.0.0.7]");
    }
    return request.flatMap(
        where -> answers.map(how -> new ForwardAuth(source(where), redirects(where, how), key)));
  }

  private static ForwardAuth.Source source(String word) {
    return ForwardAuth.Source.valueOf(word.replace('-', '_').toUpperCase(Locale.ROOT));
  }

  /** nginx and Apache look at the status alone; the others hand the answer to the browser. */
  private static boolean redirects(String request, String answers) {
    return answers.equals("auto") ? !request.equals("x-original") : answers.equals("redirect");
  }

  private Optional<Secret> key() {
    Optional<Secret> key = values.scalar(KEY).flatMap(scalar -> secrets.check(KEY, scalar));
    if (key.filter(secret -> secret.reveal().getBytes(UTF_8).length < LEAST_KEY_BYTES).isPresent()
        || key.filter(secret -> !secret.reveal().matches("[!-~]+")).isPresent()) {
      values.error(
          "weak-key",
          KEY,
          "must be at least 32 visible ASCII characters, made at random: openssl rand -hex 32");
    }
    return key;
  }
}

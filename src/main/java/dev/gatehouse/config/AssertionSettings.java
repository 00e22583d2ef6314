package dev.gatehouse.config;

import dev.gatehouse.access.AccessRule;
import dev.gatehouse.config.GatehouseConfig.Session;
import dev.gatehouse.config.GatehouseConfig.SessionStoreKind;
import dev.gatehouse.config.IdentityMapping.AppAuthorization;
import dev.gatehouse.config.IdentityMapping.Assertion;
import dev.gatehouse.config.Provider.KeyFile;
import dev.gatehouse.seal.Secret;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads how the app can be sure of what it is told: an assertion, or what it has always known. */
final class AssertionSettings {
  private static final String SECTION = "identity.assertion";
  private static final String AUDIENCE = SECTION + ".audience";
  private static final String AUTHORIZATION = "identity.authorization";
  private static final String BASIC = "identity.basic";
  private static final String PASSWORD = BASIC + ".password";

  private final Values values;
  private final SecretChecks secrets;
  private final KeyFileChecks keyFiles;
  private final IdentitySettings names;

  AssertionSettings(
      Values values, SecretChecks secrets, SecretFiles secretFiles, IdentitySettings names) {
    this.values = values;
    this.secrets = secrets;
    this.keyFiles = new KeyFileChecks(values, secretFiles, SECTION + ".");
    this.names = names;
  }

  /** {@code mapping} with what proves it. */
  IdentityMapping read(
      IdentityMapping mapping,
      Session session,
      Map<String, Provider> providers,
      List<AccessRule> rules) {
    Optional<Assertion> assertion = assertion(mapping, session, providers);
    return new IdentityMapping(
        mapping.fields(),
        mapping.required(),
        mapping.roles(),
        mapping.user(),
        assertion,
        authorization(session, providers, rules));
  }

  private Optional<Assertion> assertion(
      IdentityMapping mapping, Session session, Map<String, Provider> providers) {
    if (!values.hasSection(SECTION)) {
      return Optional.empty();
    }
    Optional<String> audience = values.text(AUDIENCE);
    if (audience.isEmpty() && values.isSound(AUDIENCE) && !values.isMisspelt(AUDIENCE)) {
      values.error(
          "missing-key",
          AUDIENCE,
          "is missing: an app must be able to tell its own assertions from those for other apps"
              + " (RFC 8725 §3.9); write an id or URL of the app");
    }
    String header = values.text(SECTION + ".header").orElseThrow();
    names.checkName(SECTION + ".header", header);
    mapping.fields().stream()
        .filter(field -> IdentitySettings.fold(field.name()).equals(IdentitySettings.fold(header)))
        .forEach(
            field ->
                values.error(
                    "header-name",
                    SECTION + ".header",
                    "is "
                        + header
                        + ", which carries the claim "
                        + field.claim()
                        + "; take another"));
    Optional<KeyFile> key = key(session, providers);
    List<String> claims = values.texts(SECTION + ".claims");
    return audience.map(
        app -> new Assertion(header, app, key, values.duration(SECTION + ".lifetime"), claims));
  }

  private Optional<KeyFile> key(Session session, Map<String, Provider> providers) {
    String setting = SECTION + ".key";
    Optional<String> algorithm = values.text(SECTION + ".algorithm");
    Optional<KeyFile> key =
        values
            .path(setting)
            .map(
                file ->
                    new KeyFile(
                        file, secret(SECTION + ".key-password"), Optional.empty(), algorithm));
    key.ifPresent(file -> keyFiles.checkSigning("key", file));
    boolean shared =
        key.isPresent()
            && providers.values().stream()
                .flatMap(provider -> provider.proof().key().stream())
                .anyMatch(other -> other.file().equals(key.get().file()));
    if (shared) {
      values.error(
          "key-shared",
          setting,
          "is the file of client-key too: a JWT for the app must not be good for the OP (RFC 8725"
              + " §3.8); make a key of its own");
    }
    if (key.isEmpty() && algorithm.filter(name -> !name.equals("ES256")).isPresent()) {
      values.error(
          "key-algorithm",
          SECTION + ".algorithm",
          "needs a key that fits: the one that is made at start signs with ES256; name a key");
    }
    if (key.isEmpty() && values.isSound(setting) && !session.keys().isEmpty()) {
      values.warn(
          "assertion-key",
          setting,
          "is missing, while session.keys let several nodes serve: each would sign with a key that"
              + " the others do not publish; name one file on all of them");
    }
    return key;
  }

  private AppAuthorization authorization(
      Session session, Map<String, Provider> providers, List<AccessRule> rules) {
    String kind = values.choice(AUTHORIZATION).orElse("none");
    Optional<Secret> password = secret(PASSWORD);
    Optional<String> user = values.text(BASIC + ".user");
    if (!kind.equals("basic") && values.hasSection(BASIC)) {
      values.warn(
          "identity-conflict",
          BASIC,
          "has no effect with authorization: "
              + kind
              + "; write authorization: basic, or remove it");
    }
    refuseForwardToken(kind, rules);
    return switch (kind) {
      case "bearer-assertion" -> bearerAssertion();
      case "bearer-access-token" -> bearerAccessToken(session, providers);
      case "basic" -> basic(user, password);
      default -> new AppAuthorization.None();
    };
  }

  /** Two credentials for one field: nobody could say which the app gets. */
  private void refuseForwardToken(String kind, List<AccessRule> rules) {
    if (kind.equals("none") || kind.equals("bearer-access-token")) {
      return;
    }
    rules.stream()
        .filter(rule -> rule.handling().forwardToken())
        .forEach(
            rule ->
                values.errorAt(
                    rule.line(),
                    "identity-conflict",
                    AUTHORIZATION,
                    "is "
                        + kind
                        + ", but the rule for "
                        + rule.pattern()
                        + " has forward-token: true, and there is one Authorization field; write"
                        + " bearer-access-token, none, or forward-token: false"));
  }

  private AppAuthorization bearerAssertion() {
    if (!values.hasSection(SECTION)) {
      values.error(
          "missing-key",
          AUDIENCE,
          "is missing: authorization: bearer-assertion needs to know whom the assertion is for");
    }
    return new AppAuthorization.BearerAssertion();
  }

  private AppAuthorization bearerAccessToken(Session session, Map<String, Provider> providers) {
    if (session.store() == SessionStoreKind.COOKIE) {
      values.error(
          "identity-conflict",
          AUTHORIZATION,
          "is bearer-access-token, but session.store: cookie keeps no access token; write"
              + " session.store: memory, or authorization: bearer-assertion");
    }
    providers.values().stream()
        .filter(provider -> provider.tokens().senderConstraint() != Provider.SenderConstraint.NONE)
        .findFirst()
        .ifPresent(
            provider ->
                values.error(
                    "identity-conflict",
                    AUTHORIZATION,
                    "is bearer-access-token, but "
                        + Provider.prefix(provider.name())
                        + "sender-constraint binds its tokens to this gateway, so that they are of"
                        + " no use to the app; write bearer-assertion, or sender-constraint: none"));
    return new AppAuthorization.BearerAccessToken();
  }

  private AppAuthorization basic(Optional<String> user, Optional<Secret> password) {
    if (password.isEmpty() && values.isSound(PASSWORD) && !values.isMisspelt(PASSWORD)) {
      values.error(
          "missing-key",
          PASSWORD,
          "is missing: authorization: basic needs it; write ${file:/run/secrets/NAME}");
    }
    // RFC 7617 §2: the first colon ends the name.
    user.filter(name -> name.contains(":"))
        .ifPresent(
            name ->
                values.error(
                    "bad-value",
                    BASIC + ".user",
                    "holds a colon, which HTTP Basic cannot carry in a user name; remove it"));
    return password
        .map(secret -> (AppAuthorization) new AppAuthorization.Basic(user, secret))
        .orElseGet(AppAuthorization.None::new);
  }

  private Optional<Secret> secret(String key) {
    return values
        .scalar(key)
        .filter(scalar -> values.isSound(key))
        .flatMap(scalar -> secrets.check(key, scalar));
  }
}

package dev.gatehouse.cli;

import dev.gatehouse.config.ConfigProblem;
import dev.gatehouse.config.ConfigProblem.Severity;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.Loopback;
import dev.gatehouse.config.Provider;
import dev.gatehouse.config.UpstreamTrust;
import dev.gatehouse.gate.Gate;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;

/**
 * Asks the OP for its metadata and the upstream for any answer, as the gateway would. What cannot
 * be reached now is a warning, for the gateway starts without it; metadata that does not fit the
 * configuration is an error.
 */
final class OnlineCheck {
  private final GatehouseConfig config;

  OnlineCheck(GatehouseConfig config) {
    this.config = config;
  }

  /** What is wrong beyond the file; empty when all is well. */
  List<ConfigProblem> problems() throws InterruptedException {
    List<ConfigProblem> problems = new ArrayList<>();
    problems.addAll(providers());
    if (config.upstream().isPresent()) {
      upstream(config.upstream().get()).ifPresent(problems::add);
    }
    return problems;
  }

  /** Metadata that does not fit is known, so an OP is found wanting in one way only. */
  private List<ConfigProblem> providers() {
    try (Gate gate = Gate.open(config, Clock.systemUTC(), new SecureRandom())) {
      List<ConfigProblem> problems =
          new ArrayList<>(gate.awaitProviders(config.backchannel().deadline()));
      Set<String> told = problems.stream().map(ConfigProblem::key).collect(Collectors.toSet());
      gate.unreadyProviders().stream()
          .map(name -> unreachable(config.providers().get(name)))
          .filter(problem -> !told.contains(problem.key()))
          .forEach(problems::add);
      problems.addAll(gate.weaknesses());
      return problems;
    }
  }

  private static ConfigProblem unreachable(Provider provider) {
    return warning(
        "op-unreachable",
        Provider.prefix(provider.name()) + "issuer",
        "the metadata of "
            + provider.issuer()
            + " could not be read, so that logins would fail now; look at address, name server,"
            + " firewall, certificate");
  }

  /**
   * Asks the app as somebody would who goes past the gateway (TH-HDR-14): whoever gets an answer
   * there can say that he is anybody.
   */
  private Optional<ConfigProblem> upstream(URI upstream) throws InterruptedException {
    UpstreamTrust trust = config.upstreamTrust();
    try {
      HttpClient client =
          HttpClient.newBuilder()
              .connectTimeout(config.limits().connectTimeout())
              .followRedirects(HttpClient.Redirect.NEVER)
              .version(HttpClient.Version.HTTP_1_1)
              .sslContext(DirectTls.context(trust))
              .build();
      HttpRequest request =
          HttpRequest.newBuilder(upstream.resolve("/"))
              .method("HEAD", BodyPublishers.noBody())
              .timeout(config.limits().responseTimeout())
              .build();
      int status = client.send(request, BodyHandlers.discarding()).statusCode();
      return open(upstream, trust, status);
    } catch (IOException e) {
      // Without our certificate there is no connection: that is what it is for.
      boolean wanted =
          trust.certificate().isPresent()
              && (e instanceof SSLException || e.getCause() instanceof SSLException);
      return wanted
          ? Optional.empty()
          : Optional.of(
              warning(
                  "upstream-unreachable",
                  "upstream",
                  upstream + " does not answer; start the app, or mend the address"));
    } catch (GeneralSecurityException e) {
      return Optional.of(
          warning("bad-pem", "upstream-tls.ca-bundle", "cannot be used: " + e.getMessage()));
    }
  }

  private static Optional<ConfigProblem> open(URI upstream, UpstreamTrust trust, int status) {
    boolean refused = status == 401 || status == 403 || status == 407;
    if (trust.isGuarded() && !refused) {
      return Optional.of(
          warning(
              "upstream-open",
              trust.secret().isPresent() ? "upstream-secret" : "upstream-tls",
              "is not asked for: "
                  + upstream
                  + " answers a request without it with "
                  + status
                  + ", so whoever reaches the app can say that he is anybody; have the app refuse"
                  + " such requests"));
    }
    return trust.isGuarded() || Loopback.isHost(upstream.getHost())
        ? Optional.empty()
        : Optional.of(
            warning(
                "upstream-unguarded",
                "upstream",
                upstream
                    + " is on another machine and has nothing to know the gateway by: whoever"
                    + " reaches it can say that he is anybody; see to it that nobody does, or set"
                    + " upstream-secret or upstream-tls"));
  }

  private static ConfigProblem warning(String code, String key, String message) {
    return new ConfigProblem(Severity.WARNING, code, key, 0, message);
  }
}

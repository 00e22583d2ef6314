package dev.gatehouse.cli;

import dev.gatehouse.config.ConfigProblem;
import dev.gatehouse.config.ConfigProblem.Severity;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.Loopback;
import dev.gatehouse.config.UpstreamTrust;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * Asks the app as somebody would who goes past the gateway (TH-HDR-14): whoever gets an answer
 * there can say that he is anybody.
 */
final class DirectAccess {
  private static final String UNREACHABLE = "upstream-unreachable";

  private final GatehouseConfig config;

  DirectAccess(GatehouseConfig config) {
    this.config = config;
  }

  /** What is wrong, or may be; empty when all is well or there is no upstream. */
  Optional<ConfigProblem> problem() throws InterruptedException {
    return config.upstream().isEmpty() ? Optional.empty() : ask(config.upstream().get());
  }

  /**
   * As {@link #problem}, where an answer could tell anything and without a word of an app that is
   * down: it may start after the gateway.
   */
  Optional<ConfigProblem> problemAtStart() throws InterruptedException {
    boolean askable =
        config
            .upstream()
            .filter(url -> config.upstreamTrust().isGuarded() || !Loopback.isHost(url.getHost()))
            .isPresent();
    return askable
        ? problem().filter(problem -> !problem.code().equals(UNREACHABLE))
        : Optional.empty();
  }

  private Optional<ConfigProblem> ask(URI upstream) throws InterruptedException {
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
                  UNREACHABLE,
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

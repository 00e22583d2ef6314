package dev.gatehouse.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.access.AccessRule;
import dev.gatehouse.access.Cidr;
import dev.gatehouse.config.ConfigProblem.Severity;
import dev.gatehouse.config.GatehouseConfig.AppTraits;
import dev.gatehouse.config.GatehouseConfig.Backchannel;
import dev.gatehouse.config.GatehouseConfig.Bearer;
import dev.gatehouse.config.GatehouseConfig.ForwardAuth;
import dev.gatehouse.config.GatehouseConfig.Limits;
import dev.gatehouse.config.GatehouseConfig.Login;
import dev.gatehouse.config.GatehouseConfig.Logout;
import dev.gatehouse.config.GatehouseConfig.Session;
import dev.gatehouse.config.GatehouseConfig.Tls;
import dev.gatehouse.config.GatehouseConfig.TokenHygiene;
import dev.gatehouse.config.Node.Mapping;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads the YAML file that drives both doors, checks all of it and says everything that is wrong at
 * once. Has no side effects: nothing is created, looked up in DNS or asked of anybody.
 */
public final class ConfigReader {
  private final Path base;
  private final Map<String, String> environment;
  private final Door door;
  private final Problems problems = new Problems();

  private ConfigReader(Path base, Map<String, String> environment, Door door) {
    this.base = base;
    this.environment = Map.copyOf(environment);
    this.door = door;
  }

  /**
   * Reads {@code file}.
   *
   * @param environment for {@code ${env:NAME}} and for overrides such as {@code
   *     GATEHOUSE_SESSION_IDLE_TIMEOUT}
   * @throws ConfigException if the file cannot be read or holds an error; carries all problems
   */
  public static LoadedConfig read(Path file, Map<String, String> environment, Door door)
      throws ConfigException {
    Path absolute = file.toAbsolutePath().normalize();
    return read(textOf(absolute), absolute.getParent(), environment, door);
  }

  /**
   * Reads {@code yaml}, the text of a configuration file.
   *
   * @param base the directory that paths in it are relative to
   * @throws ConfigException if it holds an error; carries all problems
   */
  public static LoadedConfig read(
      String yaml, Path base, Map<String, String> environment, Door door) throws ConfigException {
    return new ConfigReader(base, environment, door).read(yaml);
  }

  private static String textOf(Path file) throws ConfigException {
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(Files.readAllBytes(file))).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (NoSuchFileException e) {
      throw refused("missing-file", file + " does not exist; name the file with -c FILE");
    } catch (CharacterCodingException e) {
      throw refused("encoding", file + " is not UTF-8; convert it");
    } catch (IOException e) {
      throw refused("unreadable-file", file + " cannot be read by this user; check its mode");
    }
  }

  private static ConfigException refused(String code, String message) {
    return new ConfigException(List.of(new ConfigProblem(Severity.ERROR, code, "", 0, message)));
  }

  private LoadedConfig read(String yaml) throws ConfigException {
    SecretFiles secretFiles = new SecretFiles(problems);
    References references = new References(base, environment, secretFiles, problems);
    Mapping root = YamlText.read(yaml, problems);
    SettingsTree.Flat flat = SettingsTree.flatten(root, references, problems);
    Map<String, Node> overrides = new EnvironmentOverrides(references, problems).read(environment);
    if (root.entries().isEmpty()) {
      // One message about the file says more than one about each key that it then lacks.
      problems.refuseIfAny();
    }
    Optional<GatehouseConfig> config =
        assemble(
            new Values(
                new Presets(base, references, problems).under(flat, overrides),
                overrides,
                base,
                problems),
            secretFiles);
    config.filter(GatehouseConfig::strict).ifPresent(strict -> problems.refuseWeaknesses());
    problems.refuseIfAny();
    return new LoadedConfig(config.orElseThrow(), problems.inOrder());
  }

  private Optional<GatehouseConfig> assemble(Values values, SecretFiles secretFiles) {
    boolean allowHttp = allowHttp(values);
    AddressSettings addresses = new AddressSettings(values, door);
    TlsSettings certificates = new TlsSettings(values, secretFiles, door);
    SecretChecks secrets = new SecretChecks(values);
    SessionSettings sessions = new SessionSettings(values, secrets);
    LimitSettings limitSettings = new LimitSettings(values);
    BearerSettings bearerSettings = new BearerSettings(values, door);

    Optional<PublicUrl> publicUrl = addresses.publicUrl(allowHttp);
    Optional<HostPort> listen = addresses.listen();
    List<Cidr> trustedProxies = addresses.trustedProxies();
    Optional<Tls> tls = certificates.tls(publicUrl, listen, trustedProxies);
    ProviderSettings providerSettings =
        new ProviderSettings(values, secrets, secretFiles, allowHttp);
    Map<String, Provider> providers = providerSettings.read();
    Optional<String> defaultProvider = providerSettings.defaultProvider(providers);
    Map<String, String> hosts =
        new HostSettings(values, providers.keySet()).read(publicUrl.map(PublicUrl::host));
    boolean strict = values.flag("strict");
    Login login = sessions.login();
    Session session = sessions.session();
    IdentitySettings identitySettings = new IdentitySettings(values);
    TokenHygiene tokenHygiene = new HygieneSettings(values).read();
    AppTraits app = new BrowserSettings(values, allowHttp).read();
    List<String> hostNames =
        publicUrl.stream()
            .flatMap(url -> Stream.concat(Stream.of(url.host()), hosts.keySet().stream()))
            .toList();
    List<AccessRule> rules =
        new RuleSettings(
                values, providers.keySet(), hostNames, tokenHygiene.mode(), app.letterCase())
            .read();
    Upstreams upstreams = new RouteSettings(values, door, listen).read(hostNames, app.letterCase());
    IdentityMapping identity =
        new AssertionSettings(values, secrets, secretFiles, identitySettings)
            .read(identitySettings.read(), session, providers, rules);
    UpstreamTrust upstreamTrust =
        new UpstreamSettings(values, secrets, secretFiles, identitySettings, door)
            .read(upstreams, identity);
    Optional<Bearer> bearer =
        bearerSettings.bearer(rules, providers.keySet(), publicUrl, trustedProxies);
    Optional<ForwardAuth> forwardAuth =
        new ForwardAuthSettings(values, secrets).read(trustedProxies);
    Optional<HostPort> management = addresses.management(listen);
    ListenerSettings listenerSettings = new ListenerSettings(values, addresses);
    Listener listener =
        listenerSettings.listener(publicUrl, listen, management, values.hasSection("tls"));
    Hsts hsts = listenerSettings.hsts();
    Logout logout = sessions.logout();
    Limits limits = limitSettings.limits();
    Backchannel backchannel = limitSettings.backchannel(certificates.caBundle());
    if (publicUrl.isEmpty() || providers.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new GatehouseConfig(
            publicUrl.get(),
            listen,
            listener,
            hsts,
            tls,
            upstreams,
            upstreamTrust,
            providers,
            defaultProvider,
            hosts,
            strict,
            login,
            session,
            identity,
            rules,
            bearer,
            tokenHygiene,
            app,
            trustedProxies,
            forwardAuth,
            management,
            logout,
            limits,
            backchannel,
            allowHttp));
  }

  private static boolean allowHttp(Values values) {
    String key = "insecure-allow-http";
    boolean allowed = values.flag(key);
    if (allowed) {
      values.warn(key, key, "is true: http is taken on loopback addresses. For development only");
    }
    return allowed;
  }
}

package dev.gatehouse.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

/**
 * The JSON schema that editors complete and check {@code gatehouse.yaml} with says what the
 * catalogue of settings says. It helps while writing; what holds is the reader.
 */
class SchemaTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String REFERENCE = "\\$\\{(env|file):[^}]*\\}";

  @Test
  void schemaIsWhatTheCatalogueSays() throws IOException {
    try (InputStream schema = Settings.class.getResourceAsStream("schema.json")) {
      assertThat(new String(schema.readAllBytes(), UTF_8)).isEqualTo(expected());
    }
  }

  private static String expected() throws JsonProcessingException {
    ObjectNode root = JSON.createObjectNode();
    root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    root.put("title", "Gatehouse configuration");
    closed(root);
    for (Setting setting : Settings.all()) {
      ObjectNode parent = root;
      String[] names = setting.key().split("\\.");
      for (int i = 0; i < names.length - 1; i++) {
        parent = section(parent, names[i]);
      }
      value(properties(parent).putObject(setting.name()), setting);
    }
    properties(root)
        .putObject(Settings.PROVIDERS)
        .put("description", "Several OPs by name, each with the settings of provider.")
        .put("type", "object")
        .putObject("additionalProperties")
        .put("$ref", "#/properties/provider");
    properties(root).fieldNames().forEachRemaining(name -> shorthand(properties(root), name));
    ObjectNode rule = (ObjectNode) root.at("/properties/rules/items");
    rule.putArray("required").add("path").add("access");
    ObjectNode upstream = (ObjectNode) root.at("/properties/upstreams/items");
    upstream.putArray("required").add("path");
    requirement(root.putObject("$defs").putObject("requirement"));
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
  }

  private static void requirement(ObjectNode node) {
    String self = "#/$defs/requirement";
    closed(node);
    for (String word : new String[] {"any", "all"}) {
      properties(node).putObject(word).put("type", "array").putObject("items").put("$ref", self);
    }
    properties(node).putObject("not").put("$ref", self);
    ObjectNode values = node.putObject("additionalProperties");
    either(values).add(text()).add(type("array").<ObjectNode>set("items", text()));
  }

  private static void shorthand(ObjectNode properties, String section) {
    Settings.shorthand(section)
        .ifPresent(
            setting -> {
              ObjectNode whole = (ObjectNode) properties.get(section);
              ObjectNode bare = JSON.createObjectNode();
              value(bare, setting);
              ObjectNode both = JSON.createObjectNode();
              either(both).add(bare).add(whole);
              properties.set(section, both);
            });
  }

  private static ObjectNode section(ObjectNode parent, String name) {
    String plain = name.replace("[]", "");
    if (!properties(parent).has(plain)) {
      closed(properties(parent).putObject(plain));
    }
    ObjectNode section = (ObjectNode) properties(parent).get(plain);
    return name.endsWith("[]") ? (ObjectNode) section.get("items") : section;
  }

  private static ObjectNode properties(ObjectNode object) {
    return (ObjectNode) object.get("properties");
  }

  private static void closed(ObjectNode object) {
    object.put("type", "object");
    object.put("additionalProperties", false);
    object.putObject("properties");
  }

  private static void value(ObjectNode node, Setting setting) {
    node.put("description", setting.meaning() + limits(setting));
    switch (setting.kind()) {
      case TEXT, SECRET -> node.putArray("type").add("string").add("number");
      case FLAG -> either(node).add(type("boolean")).add(pattern(REFERENCE));
      case NUMBER ->
          either(node)
              .add(
                  type("integer")
                      .put("minimum", Integer.parseInt(setting.least()))
                      .put("maximum", Integer.parseInt(setting.most())))
              .add(pattern(REFERENCE));
      case DURATION -> node.setAll(pattern("^[0-9]+(ms|s|m|h|d)$|" + REFERENCE));
      case SIZE -> node.setAll(pattern("^[0-9]+(B|[KMGTP]iB)$|^none$|" + REFERENCE));
      case CHOICE ->
          node.setAll(pattern("^(" + String.join("|", setting.choices()) + ")$|" + REFERENCE));
      case LIST, SECRETS ->
          either(node)
              .add(type("array").<ObjectNode>set("items", text()))
              .add(type("string"))
              .add(type("null"));
      case MAP -> node.put("type", "object").set("additionalProperties", text());
      case REQUIREMENT -> node.put("$ref", "#/$defs/requirement");
      case RULES, UPSTREAMS -> closed(node.put("type", "array").putObject("items"));
    }
  }

  private static String limits(Setting setting) {
    String range =
        setting.least().isEmpty() ? "" : " From " + setting.least() + " to " + setting.most() + ".";
    return range
        + (setting.defaultText().isEmpty() ? "" : " Default: " + setting.defaultText() + ".");
  }

  private static ArrayNode either(ObjectNode node) {
    return node.putArray("anyOf");
  }

  private static ObjectNode type(String type) {
    return JSON.createObjectNode().put("type", type);
  }

  private static ObjectNode text() {
    ObjectNode text = JSON.createObjectNode();
    text.putArray("type").add("string").add("number").add("boolean");
    return text;
  }

  private static ObjectNode pattern(String pattern) {
    return type("string").put("pattern", pattern);
  }
}

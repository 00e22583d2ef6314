package dev.gatehouse.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * The dispatcher types of the filter's mappings in {@code web.xml} (Servlet 5.0 §6.2.5).
 *
 * @param types all that any of its mappings names; REQUEST where none is named
 */
record DeclaredDispatchers(Set<DispatcherType> types) {
  private static final Logger LOG = LoggerFactory.getLogger(GatehouseFilter.class);

  /** Those of {@code filterName}; empty where {@code web.xml} does not map it. */
  static Optional<DeclaredDispatchers> of(String filterName, ServletContext context) {
    try (InputStream webXml = context.getResourceAsStream("/WEB-INF/web.xml")) {
      return webXml == null ? Optional.empty() : read(filterName, webXml);
    } catch (IOException | SAXException | ParserConfigurationException e) {
      LOG.warn("cannot see the filter's dispatcher types: web.xml cannot be read", e);
      return Optional.empty();
    }
  }

  /** What is missing, as sentences. */
  void addGaps(List<String> gaps) {
    if (!types.contains(DispatcherType.REQUEST)) {
      gaps.add(
          "the filter-mapping in web.xml lacks <dispatcher>REQUEST</dispatcher>: requests reach the"
              + " app without a login");
    }
    List<DispatcherType> others = new ArrayList<>();
    for (DispatcherType type :
        List.of(
            DispatcherType.FORWARD,
            DispatcherType.INCLUDE,
            DispatcherType.ASYNC,
            DispatcherType.ERROR)) {
      if (!types.contains(type)) {
        others.add(type);
      }
    }
    if (!others.isEmpty()) {
      gaps.add(
          "the filter-mapping in web.xml lacks the dispatcher types "
              + others
              + ": a page that is reached by one of them may see header fields as the client made"
              + " them up, and no user");
    }
  }

  private static Optional<DeclaredDispatchers> read(String filterName, InputStream webXml)
      throws IOException, SAXException, ParserConfigurationException {
    NodeList mappings = parse(webXml).getElementsByTagNameNS("*", "filter-mapping");
    boolean mapped = false;
    Set<DispatcherType> types = EnumSet.noneOf(DispatcherType.class);
    for (int i = 0; i < mappings.getLength(); i++) {
      Element mapping = (Element) mappings.item(i);
      if (texts(mapping, "filter-name").contains(filterName)) {
        mapped = true;
        List<String> names = texts(mapping, "dispatcher");
        if (names.isEmpty()) {
          types.add(DispatcherType.REQUEST);
        }
        Stream.of(DispatcherType.values())
            .filter(type -> names.contains(type.name()))
            .forEach(types::add);
      }
    }
    return mapped ? Optional.of(new DeclaredDispatchers(types)) : Optional.empty();
  }

  /** The document, without asking the network for what a DOCTYPE names. */
  private static Document parse(InputStream webXml)
      throws IOException, SAXException, ParserConfigurationException {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
    factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
    factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    factory.setExpandEntityReferences(false);
    return factory.newDocumentBuilder().parse(webXml);
  }

  private static List<String> texts(Element parent, String name) {
    NodeList elements = parent.getElementsByTagNameNS("*", name);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < elements.getLength(); i++) {
      texts.add(elements.item(i).getTextContent().strip());
    }
    return texts;
  }
}

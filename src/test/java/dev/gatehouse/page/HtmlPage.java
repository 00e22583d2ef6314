package dev.gatehouse.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.helpers.DefaultHandler;

/** A rendered page as a tree. Our template is HTML that is well-formed XML too. */
final class HtmlPage {
  private final String source;
  private final Document document;

  private HtmlPage(String source, Document document) {
    this.source = source;
    this.document = document;
  }

  static HtmlPage of(Page.Rendered rendered) {
    try {
      DocumentBuilder parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();
      parser.setErrorHandler(
          new DefaultHandler() {
            @Override
            public void fatalError(SAXParseException e) throws SAXException {
              throw e;
            }
          });
      return new HtmlPage(
          new String(rendered.body(), UTF_8),
          parser.parse(new ByteArrayInputStream(rendered.body())));
    } catch (SAXException e) {
      throw new AssertionError(new String(rendered.body(), UTF_8), e);
    } catch (IOException | ParserConfigurationException e) {
      throw new IllegalStateException(e);
    }
  }

  String source() {
    return source;
  }

  Element root() {
    return document.getDocumentElement();
  }

  /** All elements of that name, {@code *} for all. */
  List<Element> all(String name) {
    NodeList nodes = document.getElementsByTagName(name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }

  Element one(String name) {
    List<Element> found = all(name);
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " elements " + name + " in " + source);
    }
    return found.get(0);
  }

  String text(String name) {
    return one(name).getTextContent();
  }

  /** Element and attribute names in document order: what a page is made of, without its words. */
  List<String> skeleton() {
    List<String> skeleton = new ArrayList<>();
    for (Element element : all("*")) {
      skeleton.add(element.getTagName());
      NamedNodeMap attributes = element.getAttributes();
      for (int i = 0; i < attributes.getLength(); i++) {
        skeleton.add("@" + attributes.item(i).getNodeName());
      }
    }
    return skeleton;
  }
}

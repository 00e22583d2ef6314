package northwind.expenses;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A PDF document of one A4 page with lines of plain text. */
final class Pdf {
  private static final Charset WIN_ANSI = Charset.forName("windows-1252");
  private static final int LINE_LENGTH = 76;
  private static final int MAX_LINES = 48;

  private Pdf() {}

  static byte[] of(List<String> lines) {
    List<String> objects =
        List.of(
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R"
                + " /Resources << /Font << /F1 4 0 R >> >> >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>",
            stream(lines));
    ByteArrayOutputStream pdf = new ByteArrayOutputStream();
    write(pdf, "%PDF-1.4\n");
    StringBuilder offsets = new StringBuilder("0000000000 65535 f \n");
    for (int i = 0; i < objects.size(); i++) {
      offsets.append(String.format("%010d 00000 n \n", pdf.size()));
      write(pdf, (i + 1) + " 0 obj\n" + objects.get(i) + "\nendobj\n");
    }
    int table = pdf.size();
    int count = objects.size() + 1;
    write(pdf, "xref\n0 " + count + "\n" + offsets);
    write(pdf, "trailer\n<< /Size " + count + " /Root 1 0 R >>\nstartxref\n" + table + "\n%%EOF\n");
    return pdf.toByteArray();
  }

  private static String stream(List<String> lines) {
    StringBuilder text = new StringBuilder("BT /F1 11 Tf 15 TL 50 780 Td\n");
    for (String line : wrapped(lines)) {
      text.append('(').append(escaped(line)).append(") Tj T*\n");
    }
    text.append("ET");
    return "<< /Length " + text.length() + " >>\nstream\n" + text + "\nendstream";
  }

  private static List<String> wrapped(List<String> lines) {
    List<String> wrapped = new ArrayList<>();
    for (String line : lines) {
      for (int start = 0; start == 0 || start < line.length(); start += LINE_LENGTH) {
        wrapped.add(line.substring(start, Math.min(line.length(), start + LINE_LENGTH)));
      }
    }
    return wrapped.subList(0, Math.min(wrapped.size(), MAX_LINES));
  }

  private static String escaped(String line) {
    // One byte a character, so that lengths in characters are lengths in bytes.
    String shown = new String(line.getBytes(WIN_ANSI), StandardCharsets.ISO_8859_1);
    return shown.replaceAll("[\\x00-\\x1f]", " ").replaceAll("([\\\\()])", "\\\\$1");
  }

  private static void write(ByteArrayOutputStream pdf, String text) {
    pdf.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}

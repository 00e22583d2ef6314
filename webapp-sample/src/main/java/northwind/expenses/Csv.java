package northwind.expenses;

import java.util.List;

/** Claims as comma-separated values (RFC 4180), safe to open in a spreadsheet. */
final class Csv {
  private static final String HEAD = "Number,Owner,Date,Category,Title,Amount EUR,Status\r\n";

  private Csv() {}

  static String of(List<Claim> claims) {
    StringBuilder csv = new StringBuilder(HEAD);
    for (Claim claim : claims) {
      csv.append(claim.getId()).append(',');
      csv.append(cell(claim.getOwner())).append(',');
      csv.append(claim.getDate()).append(',');
      csv.append(cell(claim.getCategory())).append(',');
      csv.append(cell(claim.getTitle())).append(',');
      csv.append(claim.getAmount()).append(',');
      csv.append(claim.getStatus().getLabel()).append("\r\n");
    }
    return csv.toString();
  }

  private static String cell(String text) {
    // A spreadsheet runs a cell that begins like a formula.
    String inert = text.matches("(?s)[=+\\-@\t\r].*") ? "'" + text : text;
    return '"' + inert.replace("\"", "\"\"") + '"';
  }
}

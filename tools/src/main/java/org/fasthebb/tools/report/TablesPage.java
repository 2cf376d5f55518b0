package org.fasthebb.tools.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.fasthebb.models.io.AtomicFile;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.Json;
import org.fasthebb.tools.tables.Table1;
import org.fasthebb.tools.tables.Table2;

/** The tables in a folder as one web page that needs no other file. */
public final class TablesPage {
  /** Name of the page. */
  public static final String FILE = "tables.html";

  private static final String TABLE1 = "table1.json";
  private static final String TABLE2 = "table2.json";

  private TablesPage() {}

  /** Keeps Table 1 in a folder, for this page and later ones, and writes the page. */
  public static void add(Path folder, String data, Table1 table) throws CheckpointException {
    Json.write(folder.resolve(TABLE1), table);
    write(folder, data);
  }

  /** Keeps Table 2 in a folder, for this page and later ones, and writes the page. */
  public static void add(Path folder, String data, Table2 table) throws CheckpointException {
    Json.write(folder.resolve(TABLE2), table);
    write(folder, data);
  }

  private static void write(Path folder, String data) throws CheckpointException {
    String title = "Accuracy and time on " + data;
    Html html = Html.openPage(title);
    html.element("h1", title);
    Table2 accuracies = read(folder.resolve(TABLE2), Table2.class, Table2::data, data);
    if (accuracies != null) {
      AccuracyByLabels.draw(html, accuracies);
      LearningCurves.read(folder, accuracies).draw(html, accuracies.classes());
    }
    Table1 times = read(folder.resolve(TABLE1), Table1.class, Table1::data, data);
    if (times != null) {
      EpochDurations.draw(html, times);
    }
    AtomicFile.writeString(folder.resolve(FILE), html.closePage().toString());
  }

  /** A table, or null if there is none, or one of other data. */
  private static <T> T read(Path file, Class<T> type, Function<T, String> dataOf, String data)
      throws CheckpointException {
    if (!Files.exists(file)) {
      return null;
    }
    T table = Json.read(file, type);
    return dataOf.apply(table).equals(data) ? table : null;
  }
}

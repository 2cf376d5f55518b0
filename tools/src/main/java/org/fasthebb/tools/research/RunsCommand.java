package org.fasthebb.tools.research;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.console.ToolCommand;
import org.fasthebb.tools.option.Percent;
import org.fasthebb.tools.report.RunFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists runs. */
@Command(
    name = "runs",
    description = {
      "List the runs in a folder and in those below it, the newest first: when their last file was"
          + " written, method, data, labels, epochs (of pre-training + of learning the labels),"
          + " test accuracy, and whether they have ended. One that has not goes on when its command"
          + " is run again."
    },
    footer = {"", "Examples:", "  ./fasthebb runs", "  ./fasthebb runs runs/cifar10 --json"})
public final class RunsCommand extends ToolCommand {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

  @Parameters(
      paramLabel = "DIR",
      arity = "0..1",
      defaultValue = "runs",
      description = "The folder. Default: ${DEFAULT-VALUE}.")
  private Path dir;

  @Option(
      names = "--json",
      description = "Print the list as JSON, on the last line of standard output.")
  private boolean json;

  private RunsCommand() {}

  /** A run, for programs. */
  record RunRow(
      String folder,
      String date,
      String method,
      String data,
      Double labels,
      String epochs,
      Double testAccuracy,
      String status) {
    static RunRow of(RunFolder run) {
      return new RunRow(
          run.folder().toString(),
          DATE.format(run.changed().atZone(ZoneId.systemDefault())),
          run.method(),
          run.data(),
          run.labels(),
          run.epochs(),
          run.accuracy(),
          run.status().toString());
    }

    /** The fields, for people. */
    List<String> fields() {
      return List.of(
          date,
          method,
          data,
          labels == null ? "" : Percent.of(labels).toString(),
          epochs,
          testAccuracy == null ? "" : Text.percent(testAccuracy),
          status,
          folder.replaceAll("\\R", " "));
    }
  }

  @Override
  public Integer call() {
    require(Files.isDirectory(dir), dir + " is no folder; name one with runs in it");
    List<RunRow> runs =
        RunFolder.list(dir, sentence -> warn("left out: " + sentence.replaceFirst("\\.$", "")))
            .stream()
            .map(RunRow::of)
            .toList();
    answer(json, runs, runs.isEmpty() ? "There is no run in " + dir + "." : table(runs));
    return 0;
  }

  private static String table(List<RunRow> runs) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("date", "method", "data", "labels", "epochs", "accuracy", "status", "folder"));
    runs.forEach(run -> rows.add(run.fields()));
    return TextColumns.aligned(rows);
  }
}

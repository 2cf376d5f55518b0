package org.fasthebb.tools.research;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.io.AtomicFile;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.console.ToolCommand;
import org.fasthebb.tools.report.RunComparison;
import org.fasthebb.tools.report.RunFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares runs. */
@Command(
    name = "compare",
    description = {
      "Show what differs between runs: the settings and the accuracies and, in a web page, the"
          + " learning curves on one chart.",
      "",
      "'default' stands where a run has the value that this setting has without an option, a dash"
          + " where it has not learned the labels that the setting is about."
    },
    footer = {"", "Example:", "  ./fasthebb compare runs/mine runs/other --html compare.html"})
public final class CompareCommand extends ToolCommand {
  @Parameters(
      paramLabel = "DIR",
      arity = "1..*",
      description = "Folders of runs, which 'fasthebb runs' lists.")
  private List<Path> folders;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write a web page with all of it and the learning curves.")
  private Path html;

  @Option(
      names = "--json",
      description = "Print the comparison as JSON, on the last line of standard output.")
  private boolean json;

  private CompareCommand() {}

  /** What {@code --json} prints. */
  private record Compared(List<RunsCommand.RunRow> runs, Map<String, List<String>> differences) {}

  @Override
  public Integer call() throws CheckpointException {
    require(
        folders.size() > 1,
        "there is only one folder, " + folders.getFirst() + "; name two or more");
    if (html != null) {
      requirePage(html);
    }
    List<RunFolder> runs = new ArrayList<>();
    for (Path folder : folders) {
      require(Files.isDirectory(folder), folder + " is no folder; name one with a run in it");
      runs.add(
          RunFolder.read(folder)
              .orElseThrow(() ->
                  new DataException(
                      "there is no run in " + folder + "; 'fasthebb runs DIR' lists those below")));
    }
    RunComparison comparison = new RunComparison(runs);
    if (html != null) {
      AtomicFile.writeString(html, comparison.page());
    }
    List<RunsCommand.RunRow> rows = runs.stream().map(RunsCommand.RunRow::of).toList();
    answer(json, new Compared(rows, comparison.differences()), text(comparison));
    return 0;
  }

  private String text(RunComparison comparison) {
    List<List<String>> table = new ArrayList<>();
    table.add(row("", comparison.names()));
    table.add(
        row(
            "test accuracy",
            comparison.runs().stream()
                .map(RunFolder::accuracy)
                .map(accuracy -> accuracy == null ? "-" : Text.percent(accuracy))
                .toList()));
    comparison.differences().forEach((name, values) -> table.add(row(name, values)));
    String none =
        comparison.differences().isEmpty()
            ? System.lineSeparator() + "The settings and the data are the same."
            : "";
    String page = html == null ? "" : System.lineSeparator() + "As a page: " + html;
    return TextColumns.aligned(table) + none + page;
  }

  private static List<String> row(String name, List<String> values) {
    return Stream.concat(Stream.of(name), values.stream()).toList();
  }
}

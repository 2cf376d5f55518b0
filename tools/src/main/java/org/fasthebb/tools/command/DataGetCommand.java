package org.fasthebb.tools.command;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.data.Inspection;
import org.fasthebb.tools.console.ByteProgress;
import org.fasthebb.tools.console.Terminal;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.console.ToolCommand;
import org.fasthebb.tools.download.Installation;
import org.fasthebb.tools.download.Official;
import org.fasthebb.tools.download.Source;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Downloads a data set from its authors. */
@Command(
    name = "get",
    footer = {"", "Example:", "  ./fasthebb data get cifar10 --data-dir DIR"},
    description =
        "Download a data set from its official address, check it, and unpack it. After an"
            + " interruption, the same command resumes.")
final class DataGetCommand extends ToolCommand {
  @Parameters(paramLabel = "NAME", description = "cifar10, cifar100 or tiny-imagenet.")
  private Official name;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      defaultValue = "data",
      description = "The folder to put the data set's folder into. Default: ${DEFAULT-VALUE}.")
  private Path dir;

  @Option(
      names = "--url",
      paramLabel = "BASE",
      description = "Address of a folder that has the same archive under the same name (a mirror).")
  private URI base;

  private DataGetCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    Source source = name.source();
    if (base != null) {
      require(
          List.of("http", "https").contains(String.valueOf(base.getScheme()))
              && base.getHost() != null,
          "--url is '" + base + "', but must look like https://host/folder");
      source = source.from(base);
    }
    boolean fetched;
    try (ByteProgress progress = new ByteProgress(err(), Terminal.isLive(), System::nanoTime)) {
      fetched = new Installation(source, dir, progress).run();
    }
    Path folder = dir.resolve(source.folder());
    if (!fetched) {
      err().println(folder + " is there already; reading all of it to check it ...");
      err().flush();
      requireWhole(folder);
    }
    out()
        .println(
            folder
                + (fetched ? " is ready" : " is there already and whole; nothing was downloaded"));
    List<String> check = List.of("./fasthebb", "data", "check", folder.toString());
    List<String> use =
        List.of("./fasthebb", "run", "--data", Text.name(name), "--data-dir", dir.toString());
    out().println("  check it  " + Text.command(check));
    out().println("  use it    " + Text.command(use));
    out().flush();
    return 0;
  }

  /** Refuses a folder that another program filled, or from which something was taken. */
  private void requireWhole(Path folder) {
    String layout = Text.name(name);
    List<String> problems;
    try {
      Inspection found = Inspection.of(folder).getFirst();
      problems =
          found.layout().equals(layout) ? found.problems() : List.of("it holds " + found.layout());
    } catch (DataException e) {
      problems = List.of(e.getMessage());
    }
    if (!problems.isEmpty()) {
      throw new DataException(
          "%s is there already, but is no whole %s (%s); move it away and run the same command again."
              .formatted(folder, layout, problems.getFirst().replaceFirst("\\.$", "")));
    }
  }
}

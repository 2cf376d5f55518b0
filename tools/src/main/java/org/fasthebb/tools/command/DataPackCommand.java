package org.fasthebb.tools.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.pack.PackFormat;
import org.fasthebb.models.pack.PackWriter;
import org.fasthebb.tools.console.ConsoleProgress;
import org.fasthebb.tools.console.Terminal;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.console.ToolCommand;
import org.fasthebb.tools.option.DataOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Packs a data set: decodes and resizes its images once and for all. */
@Command(
    name = "pack",
    footer = {
      "",
      "Examples:",
      "  ./fasthebb data pack photos --out packs/photos",
      "  ./fasthebb run --data pack --data-dir packs/photos"
    },
    description =
        "Decode and resize all images of a data set once, and store them in a few large files, from"
            + " which training reads them with --data pack. Results are the same to the bit."
            + " Images have 32 rows and columns unless --side says how many; the ten-layer network"
            + " takes 210. After an interruption, the same command resumes.")
final class DataPackCommand extends ToolCommand {
  /** The side of the images, unless an option says another. */
  private static final int USUAL_SIDE = Architecture.small().side();

  @Mixin private DataOptions data;

  @Parameters(
      arity = "0..1",
      paramLabel = "DIR",
      description =
          "The folder of the data set, as --data-dir; its kind is folder unless --data names"
              + " another.")
  private Path dir;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description =
          "The file that names the pack. The images come beside it, in files of about 1 GB that"
              + " begin with the same name.")
  private Path out;

  @Option(
      names = "--format",
      paramLabel = "WORD",
      defaultValue = "raw",
      description =
          "raw stores the pixels as they are; jpeg stores JPEG of quality 95, which takes about a"
              + " sixth of the room, but is lossy: images, and so results, change a little."
              + " Default: ${DEFAULT-VALUE}.")
  private PackFormat format;

  private DataPackCommand() {}

  @Override
  public Integer call() throws CheckpointException {
    if (dir != null) {
      data.setFolder(dir, this);
    }
    data.check(this);
    boolean written;
    int side;
    try (DataSet images = data.load(USUAL_SIDE);
        ConsoleProgress progress =
            new ConsoleProgress(err(), Terminal.isLive(), System::nanoTime)) {
      side = images.train().height();
      written =
          new PackWriter(
                  images,
                  format,
                  out,
                  (phase, done, total) -> progress.step(phase, 1, 1, done, total))
              .write();
    }
    out().println(out + (written ? " is ready" : " is there already; nothing was packed"));
    String file = out.toString();
    List<String> check = List.of("./fasthebb", "data", "check", file);
    List<String> use =
        new ArrayList<>(List.of("./fasthebb", "run", "--data", "pack", "--data-dir", file));
    if (side != USUAL_SIDE) {
      use.addAll(
          Architecture.ALL.stream()
              .filter(network -> network.side() == side)
              .findFirst()
              .map(network -> List.of("--architecture", network.name()))
              .orElse(List.of("--side", String.valueOf(side))));
    }
    out().println("  check it  " + Text.command(check));
    out().println("  use it    " + Text.command(use));
    out().flush();
    return 0;
  }
}

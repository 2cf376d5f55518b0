package org.fasthebb.tools.photos;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.data.ImageFolder;
import org.fasthebb.models.data.PassedOver;
import org.fasthebb.models.image.Orientation;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.use.Model;
import org.fasthebb.models.use.Photos;
import org.fasthebb.tools.console.ConsoleProgress;
import org.fasthebb.tools.console.Failures;
import org.fasthebb.tools.console.Terminal;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.console.ToolCommand;
import org.fasthebb.tools.option.ComputeOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * A command that uses a model on photos. A photo that cannot be read is one line on standard error;
 * the others are worked on, and the exit code is 1 in the end.
 */
abstract class PhotoCommand extends ToolCommand {
  @Option(
      names = "--model",
      paramLabel = "FILE",
      required = true,
      description =
          "A model.safetensors of run or finetune; where no classes are asked for, a"
              + " pretrained.safetensors serves, too.")
  private Path file;

  @Option(
      names = "--orientation",
      paramLabel = "WORD",
      defaultValue = "upright",
      description =
          "upright turns photos as their cameras noted (EXIF); stored leaves their pixels as they"
              + " lie in the file. Default: ${DEFAULT-VALUE}.")
  private Orientation orientation;

  @Mixin private ComputeOptions compute;

  private ConsoleProgress progress;
  private int failures;

  /** Refuses wrong options, before any work. */
  void check() {}

  /** Does the work. */
  abstract void work(Model model) throws CheckpointException;

  Path file() {
    return file;
  }

  Orientation orientation() {
    return orientation;
  }

  ComputeOptions compute() {
    return compute;
  }

  @Override
  public final Integer call() throws CheckpointException {
    compute.check(this);
    check();
    try (Backend backend = compute.backend();
        Model model = Model.load(backend, file);
        ConsoleProgress shown = new ConsoleProgress(err(), Terminal.isLive(), System::nanoTime)) {
      progress = shown;
      work(model);
    }
    out().flush();
    if (failures > 0) {
      err().println(Text.count(failures, "photo") + " could not be used; see above.");
      err().flush();
    }
    return failures == 0 ? 0 : Failures.FAILED;
  }

  /** Shows progress. */
  ConsoleProgress progress() {
    return progress;
  }

  /** Says why something cannot be used; the work goes on. */
  void failed(DataException problem) {
    failures++;
    progress.message("left out: " + problem.getMessage());
  }

  /** The photos that files and folders name. */
  Photos photos(List<Path> paths, int side) {
    return new Photos(
        paths.stream().flatMap(path -> list(path).stream()).toList(), side, orientation);
  }

  private List<Path> list(Path path) {
    boolean isFolder = Files.isDirectory(path);
    FolderNotes found = new FolderNotes(this::failed);
    List<Path> files = Photos.list(List.of(path), found);
    note(path, found);
    if (isFolder && files.isEmpty()) {
      throw new DataException(path + " has no image that can be read; name another folder.");
    }
    return files;
  }

  /** Says how many files of a folder are no images. */
  void note(Path folder, FolderNotes found) {
    ImageFolder.note(folder, found, sentence -> progress.message("note: " + sentence));
  }

  /** What is found wrong with a folder. */
  static final class FolderNotes extends PassedOver.Count {
    private final Consumer<DataException> failed;

    FolderNotes(Consumer<DataException> failed) {
      this.failed = failed;
    }

    @Override
    public void add(DataException problem) {
      failed.accept(problem);
    }
  }

  /** Shows how many of the photos are done. */
  void step(String phase, int done, int of) {
    progress.step(phase, 1, 1, done, of);
  }
}

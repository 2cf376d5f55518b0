package org.fasthebb.tools;

import java.nio.file.Path;
import java.util.List;
import org.fasthebb.models.data.Cifar10;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.data.ImageFolder;
import org.fasthebb.models.data.Shapes;
import picocli.CommandLine.Option;

/** Which images. */
final class DataOptions {
  /** Kinds of data sets. */
  enum Kind {
    SHAPES,
    CIFAR10,
    FOLDER
  }

  @Option(
      names = "--data",
      paramLabel = "KIND",
      defaultValue = "shapes",
      description =
          "shapes (drawn, nothing to download), cifar10 (the binary version), or folder"
              + " (train/CLASS/FILE and test/CLASS/FILE). Default: ${DEFAULT-VALUE}.")
  private Kind kind;

  @Option(names = "--data-dir", paramLabel = "DIR", description = "Where cifar10 or folder is.")
  private Path dir;

  private DataOptions() {}

  void check(ToolCommand command) {
    boolean files = kind != Kind.SHAPES;
    command.require(
        !files || dir != null,
        "--data " + Text.name(kind) + " needs --data-dir, the folder that it is in");
    command.require(
        files || dir == null,
        "--data-dir goes with --data cifar10 or --data folder; shapes are drawn, not read");
  }

  DataSet load() {
    return switch (kind) {
      case SHAPES ->
          Shapes.generate(Defaults.SHAPES_TRAIN, Defaults.SHAPES_TEST, Defaults.SHAPES_SEED);
      case CIFAR10 -> Cifar10.read(dir);
      case FOLDER -> ImageFolder.read(dir, Defaults.SIDE);
    };
  }

  /** These options again. */
  List<String> words() {
    return dir == null
        ? List.of("--data", Text.name(kind))
        : List.of("--data", Text.name(kind), "--data-dir", dir.toString());
  }
}

package org.fasthebb.tools;

import java.nio.file.Path;
import java.util.List;
import org.fasthebb.models.data.Cifar10;
import org.fasthebb.models.data.Cifar100;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.data.ImageFolder;
import org.fasthebb.models.data.Shapes;
import org.fasthebb.models.data.TinyImageNet;
import picocli.CommandLine.Option;

/** Which images. */
final class DataOptions {
  /** Kinds of data sets. */
  enum Kind {
    SHAPES,
    CIFAR10,
    CIFAR100,
    TINY_IMAGENET,
    FOLDER
  }

  @Option(
      names = "--data",
      paramLabel = "KIND",
      defaultValue = "shapes",
      description =
          "shapes (drawn, nothing to download), cifar10 or cifar100 (the binary versions),"
              + " tiny-imagenet, or folder (train/CLASS/FILE and test/CLASS/FILE). Default:"
              + " ${DEFAULT-VALUE}.")
  private Kind kind;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "The folder of the images, or the one that it is in; not for shapes.")
  private Path dir;

  private DataOptions() {}

  void check(ToolCommand command) {
    boolean files = kind != Kind.SHAPES;
    command.require(
        !files || dir != null,
        "--data " + Text.name(kind) + " needs --data-dir, the folder that it is in");
    command.require(
        files || dir == null, "--data-dir goes with data from files; shapes are drawn, not read");
  }

  DataSet load() {
    return switch (kind) {
      case SHAPES ->
          Shapes.generate(Defaults.SHAPES_TRAIN, Defaults.SHAPES_TEST, Defaults.SHAPES_SEED);
      case CIFAR10 -> Cifar10.read(dir);
      case CIFAR100 -> Cifar100.read(dir);
      case TINY_IMAGENET -> TinyImageNet.read(dir, Defaults.SIDE);
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

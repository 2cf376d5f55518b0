package org.fasthebb.models.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.fasthebb.models.data.Inspection.CheckProgress;
import org.fasthebb.models.data.Inspection.Found;
import org.fasthebb.models.image.Orientation;

/** How the files of a data set are laid out in a folder, recognised by their names. */
enum FolderLayout {
  CIFAR10 {
    @Override
    boolean isIn(Path dir) {
      return isCifar(Cifar10.FILES, dir);
    }

    @Override
    Inspection inspect(Path dir, CheckProgress progress) {
      Found found = new Found("cifar10", Cifar10.FILES.home(dir), progress);
      return cifar(Cifar10.FILES, Cifar10.classNames(found.home(), found), found);
    }
  },
  CIFAR100 {
    @Override
    boolean isIn(Path dir) {
      return isCifar(Cifar100.FILES, dir);
    }

    @Override
    Inspection inspect(Path dir, CheckProgress progress) {
      Found found = new Found("cifar100", Cifar100.FILES.home(dir), progress);
      return cifar(Cifar100.FILES, Cifar100.classNames(found.home(), found), found);
    }
  },
  TINY_IMAGENET {
    @Override
    boolean isIn(Path dir) {
      Path home = TinyImageNet.home(dir);
      return Files.exists(home.resolve("wnids.txt"))
          || Files.exists(home.resolve("val").resolve("val_annotations.txt"))
          || !home.equals(dir);
    }

    @Override
    Inspection inspect(Path dir, CheckProgress progress) {
      Found found = new Found("tiny-imagenet", TinyImageNet.home(dir), progress);
      List<String> ids = TinyImageNet.ids(found.home(), found);
      if (ids.isEmpty()) {
        return found.nothing();
      }
      List<String> names = TinyImageNet.classNames(found.home(), ids, found);
      ImageFiles train = TinyImageNet.train(found.home(), ids, names, found);
      ImageFiles test = TinyImageNet.test(found.home(), ids, names, found);
      return found.inspection(
          train.inspect(Orientation.STORED, found), test.inspect(Orientation.STORED, found));
    }
  },
  FOLDER {
    @Override
    boolean isIn(Path dir) {
      // Tiny ImageNet has a folder train too.
      return !TINY_IMAGENET.isIn(dir)
          && Stream.of("train", "test", "val").map(dir::resolve).anyMatch(Files::isDirectory);
    }

    @Override
    Inspection inspect(Path dir, CheckProgress progress) {
      Found found = new Found("folder", dir, progress);
      ImageFiles train = ImageFolder.train(dir, found);
      if (train.classes().isEmpty()) {
        return found.nothing();
      }
      ImageFiles test = ImageFolder.test(dir, train.classes(), found);
      return found.inspection(
          train.inspect(Orientation.UPRIGHT, found), test.inspect(Orientation.UPRIGHT, found));
    }
  };

  /** Whether {@code dir} or the official folder in it looks like this layout, damaged or not. */
  abstract boolean isIn(Path dir);

  /** Reads everything and says what it found. */
  abstract Inspection inspect(Path dir, CheckProgress progress);

  private static boolean isCifar(CifarFiles files, Path dir) {
    Path home = files.home(dir);
    return !home.equals(dir)
        || Stream.concat(files.train().stream(), Stream.of(files.test()))
            .map(dir::resolve)
            .anyMatch(Files::exists);
  }

  private static Inspection cifar(CifarFiles files, List<String> names, Found found) {
    return found.inspection(
        files.inspectTrain(found.home(), names, found),
        files.inspectTest(found.home(), names, found));
  }
}

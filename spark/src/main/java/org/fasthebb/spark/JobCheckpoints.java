package org.fasthebb.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.fasthebb.models.distributed.Checkpoints;

/** Checkpoints in a folder of the job's file system. The newest two are kept. */
final class JobCheckpoints implements Checkpoints {
  private static final String PREFIX = "step-";
  private static final String SUFFIX = ".safetensors";

  /** The end of the name of a checkpoint that is being written. */
  private static final String PART = ".part";

  private final Path folder;
  private final java.nio.file.Path local;
  private final FileSystem files;

  /**
   * Checkpoints of a job.
   *
   * @param local folder for a copy of the newest
   * @param settings of the job's file systems
   */
  JobCheckpoints(String folder, java.nio.file.Path local, Configuration settings)
      throws IOException {
    this.folder = new Path(folder);
    this.local = local;
    files = this.folder.getFileSystem(settings);
  }

  /** Whole checkpoints, the oldest first. */
  private List<Path> kept() throws IOException {
    return files.exists(folder) ? named(PREFIX, SUFFIX) : List.of();
  }

  /** The files in the folder whose names begin and end so, in the order of their names. */
  private List<Path> named(String begin, String end) throws IOException {
    List<Path> named = new ArrayList<>();
    for (FileStatus status : files.listStatus(folder)) {
      String name = status.getPath().getName();
      if (name.startsWith(begin) && name.endsWith(end)) {
        named.add(status.getPath());
      }
    }
    named.sort(Comparator.comparing(Path::getName));
    return named;
  }

  @Override
  public java.nio.file.Path newest() throws IOException {
    List<Path> kept = kept();
    if (kept.isEmpty()) {
      return null;
    }
    java.nio.file.Path copy = local.resolve(kept.getLast().getName());
    files.copyToLocalFile(false, kept.getLast(), new Path(copy.toUri()), true);
    return copy;
  }

  @Override
  public void keep(java.nio.file.Path file, long step) throws IOException {
    Path target = new Path(folder, String.format(Locale.ROOT, "%s%010d%s", PREFIX, step, SUFFIX));
    // Each attempt writes a file of its own, as an attempt that Spark has given up may still write.
    Path part = new Path(folder, "." + target.getName() + "." + UUID.randomUUID() + PART);
    files.mkdirs(folder);
    files.copyFromLocalFile(false, true, new Path(file.toUri()), part);
    files.delete(target, false);
    if (!files.rename(part, target)) {
      throw new IOException("cannot rename " + part + " to " + target);
    }
    List<Path> kept = kept();
    int old = Math.max(0, kept.size() - 2);
    for (Path checkpoint : kept.subList(0, old)) {
      files.delete(checkpoint, false);
    }
    for (Path left : named("." + PREFIX, PART)) { // by attempts that were killed
      if (left.getName().compareTo("." + kept.get(old).getName()) < 0) {
        files.delete(left, false);
      }
    }
  }
}

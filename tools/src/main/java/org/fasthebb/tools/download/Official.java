package org.fasthebb.tools.download;

import java.net.URI;
import java.util.Locale;

/** Data sets that can be downloaded, with the address where their authors publish them. */
public enum Official {
  /** Of the University of Toronto, the binary version. */
  CIFAR10(
      "https://www.cs.toronto.edu/~kriz",
      "cifar-10-binary.tar.gz",
      170_052_171,
      "c32a1d4ab5d03f1284b67883e8d87530",
      "cifar-10-batches-bin"),

  /** Of the University of Toronto, the binary version. */
  CIFAR100(
      "https://www.cs.toronto.edu/~kriz",
      "cifar-100-binary.tar.gz",
      168_513_733,
      "03b5dce01913d631647c71ecec9e9cb8",
      "cifar-100-binary"),

  /** Tiny ImageNet, from Stanford's course CS231n. */
  TINY_IMAGENET(
      "http://cs231n.stanford.edu",
      "tiny-imagenet-200.zip",
      248_100_043,
      "90528d7ca1a48142e341f4ef8d21d0de",
      "tiny-imagenet-200");

  private final String base;
  private final String archive;
  private final long size;
  private final String md5;
  private final String folder;

  Official(String base, String archive, long size, String md5, String folder) {
    this.base = base;
    this.archive = archive;
    this.size = size;
    this.md5 = md5;
    this.folder = folder;
  }

  /** Where the archive is. */
  public Source source() {
    return new Source(URI.create(base), archive, size, md5, folder);
  }

  /** The name on the command line, which a shell completes. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

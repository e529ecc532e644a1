from banso.cli.main import main

main()

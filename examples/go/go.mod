module alipayhk-mock-example

go 1.19

//! What can't be without the internet gateway of its VPC, though it does not name it.
//!
//! A public NAT gateway can't be made before a gateway is attached (`Gateway.NotAttached`), and a gateway can't be detached while
//! addresses of its VPC are public. Source: Amazon EC2 API Reference, `CreateNatGateway` and `DetachInternetGateway`.

use lowtide_model::{Beside, Neighbour};

/// Finds the internet gateways of a public NAT gateway's VPC.
pub fn of_nat_gateway(nat: &Neighbour<'_>, beside: &dyn Beside) -> Vec<usize> {
    if nat.text("connectivity_type") == Some("private") {
        return Vec::new();
    }
    let subnets = nat.get("subnet_id").map(|id| beside.whose("aws_subnet", "id", id)).unwrap_or_default();
    let vpcs = subnets.iter().filter_map(|subnet| subnet.get("vpc_id"));
    vpcs.flat_map(|vpc| beside.whose("aws_internet_gateway", "vpc_id", vpc)).map(|gateway| gateway.number).collect()
}

/// Finds the internet gateways of the VPC in which NAT gateways use an address.
pub fn of_address(address: &Neighbour<'_>, beside: &dyn Beside) -> Vec<usize> {
    let ids = ["id", "allocation_id"].into_iter().filter_map(|attribute| address.get(attribute));
    let users = ids.flat_map(|id| beside.whose("aws_nat_gateway", "allocation_id", id));
    users.flat_map(|nat| of_nat_gateway(&nat, beside)).collect()
}

#[cfg(test)]
mod tests {
    use lowtide_model::Planned;

    use super::*;

    /// Resources by kind.
    struct Declared(Vec<(&'static str, Planned)>);

    impl Declared {
        fn get(&self, number: usize) -> Neighbour<'_> {
            Neighbour { number, name: self.0[number].0, values: &self.0[number].1, aside: None }
        }
    }

    impl Beside for Declared {
        fn whose(&self, kind: &str, attribute: &str, is: &Planned) -> Vec<Neighbour<'_>> {
            let all = (0..self.0.len()).map(|number| self.get(number));
            all.filter(|one| one.name == kind && one.get(attribute) == Some(is)).collect()
        }
    }

    fn object(members: &[(&str, &str)]) -> Planned {
        Planned::object(members.iter().map(|(name, text)| ((*name).to_owned(), Planned::text(*text))))
    }

    #[test]
    fn public_gateways_and_their_addresses_follow_the_internet_gateway_of_their_vpc() {
        let all = Declared(vec![
            ("aws_internet_gateway", object(&[("vpc_id", "vpc-1")])),
            ("aws_internet_gateway", object(&[("vpc_id", "vpc-2")])),
            ("aws_subnet", object(&[("id", "subnet-1"), ("vpc_id", "vpc-1")])),
            ("aws_nat_gateway", object(&[("subnet_id", "subnet-1"), ("allocation_id", "eip-1"), ("connectivity_type", "public")])),
            ("aws_nat_gateway", object(&[("subnet_id", "subnet-1"), ("connectivity_type", "private")])),
            ("aws_eip", object(&[("id", "eip-1"), ("allocation_id", "eip-1")])),
            ("aws_eip", object(&[("id", "eip-2"), ("allocation_id", "eip-2")])),
        ]);
        assert_eq!(of_nat_gateway(&all.get(3), &all), [0]);
        assert_eq!(of_nat_gateway(&all.get(4), &all), Vec::<usize>::new());
        assert!(of_address(&all.get(5), &all).iter().all(|number| *number == 0) && !of_address(&all.get(5), &all).is_empty());
        assert_eq!(of_address(&all.get(6), &all), Vec::<usize>::new());
    }
}
